import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openLog } from './log.ts'
import { Metrics } from './metrics.ts'

test('a log is one JSON object a line, amounts as decimal strings', async t => {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-log-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const file = join(directory, 'log')
  const log = openLog({ name: 'provider', file })
  log.info('charged', { amount: 10n ** 30n, text: 'two\nlines' })
  log.error('failed')
  const lines = async (): Promise<string[]> => {
    for (;;) {
      const read = readFileSync(file, { encoding: 'utf8', flag: 'a+' }).trim().split('\n')
      if (read.length === 2) return read
      await new Promise(resolve => setTimeout(resolve, 5))
    }
  }
  const [first, second] = (await lines()).map(line => JSON.parse(line) as Record<string, unknown>)
  const { time, ...rest } = first!
  assert.ok(!Number.isNaN(Date.parse(String(time))))
  assert.deepEqual(rest, {
    level: 'info',
    daemon: 'provider',
    event: 'charged',
    amount: `1${'0'.repeat(30)}`,
    text: 'two\nlines',
  })
  assert.deepEqual([second!['level'], second!['event']], ['error', 'failed'])
})

test('counters add up, gauges are set, and both are told as Prometheus reads them', () => {
  const metrics = new Metrics()
  metrics.add('jobs_total{finish="stop"}')
  metrics.add('jobs_total{finish="stop"}', 2)
  metrics.set('running', 5)
  metrics.set('running', 1)
  assert.equal(metrics.get('jobs_total{finish="stop"}'), 3)
  assert.equal(metrics.get('never'), 0)
  assert.equal(metrics.text(), 'heddle_jobs_total{finish="stop"} 3\nheddle_running 1\n')
})
