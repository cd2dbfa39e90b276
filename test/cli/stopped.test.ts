import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { folder } from '../faults/stage.ts'
import { entry, environment, up } from './heddle.ts'

const ROUNDS = Number(process.env['HEDDLE_TEST_ROUNDS'] ?? 4)
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const

/** Every process of this machine that was started with a folder on its PATH which only one house has. */
function processesOf(mark: string): string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        const isIts = readFileSync(`/proc/${pid}/environ`, 'utf8').includes(mark)
        const state = /^State:\s+(\S)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
        return isIts && state !== 'Z'
          ? [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')}`]
          : []
      } catch {
        return []
      }
    })
}

/** Waits until no process of a house is left. A minute is far more than any of them has to end in. */
async function untilNone(mark: string, why: string): Promise<void> {
  const end = Date.now() + 60_000
  for (;;) {
    const left = processesOf(mark)
    if (left.length === 0) return
    assert.ok(Date.now() < end, `${why}: ${left.join('\n')}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

/** A house in the midst of its start: what it has said so far, and when it is ready. */
function begin(home: string, over: Record<string, string>) {
  const child: ChildProcess = spawn(process.execPath, [entry, 'up'], {
    env: environment(home, over),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const read = (chunk: Buffer): void => {
    text += chunk.toString()
  }
  child.stdout!.on('data', read)
  child.stderr!.on('data', read)
  return { child, text: () => text, exited: once(child, 'exit') }
}

const skip = process.platform === 'linux' ? false : 'reads /proc'

test(
  'stopped at any moment of its start, a house leaves nothing, and the same home starts again',
  { skip },
  async t => {
    const place = folder(t)
    const home = join(place, 'home')
    const mark = join(place, 'mark')
    mkdirSync(mark)
    const over = { PATH: `${process.env['PATH']}:${mark}`, HEDDLE_PROVIDERS: '1' }
    const began = Date.now()
    const whole = await up(t, home, over)
    const took = Date.now() - began
    assert.ok(processesOf(mark).length >= 4, 'chain, gateway, a provider and its engine are found by their mark')
    await whole.stop()
    await untilNone(mark, 'after a usual stop')
    for (let round = 0; round < ROUNDS; round++) {
      const signal = SIGNALS[round % SIGNALS.length]!
      // The first rounds begin in a home that has nothing yet.
      const where = round < SIGNALS.length ? join(place, `fresh-${round}`) : home
      const { child, text, exited } = begin(where, over)
      const moment = Math.random() * took
      await new Promise(resolve => setTimeout(resolve, moment))
      child.kill(signal)
      const [code] = await exited
      const what = `${signal} after ${moment.toFixed(0)} ms of ${took}`
      if (signal !== 'SIGKILL') assert.ok(code === 0 || code === null, `${what}: ${code}\n${text()}`)
      assert.doesNotMatch(text(), /internal/, what)
      await untilNone(mark, what)
    }
    const again = await up(t, home, over)
    await again.stop()
    await untilNone(mark, 'at the end')
  },
)

test('a house that is killed leaves nothing, and the same home starts again at once', { skip }, async t => {
  const place = folder(t)
  const home = join(place, 'home')
  const mark = join(place, 'mark')
  mkdirSync(mark)
  const over = { PATH: `${process.env['PATH']}:${mark}`, HEDDLE_PROVIDERS: '1' }
  const { child } = await up(t, home, over)
  child.kill('SIGKILL')
  await once(child, 'exit')
  // Its daemons may still be about to see that they are alone.
  const again = await up(t, home, over)
  await again.stop()
  await untilNone(mark, 'after both')
})
