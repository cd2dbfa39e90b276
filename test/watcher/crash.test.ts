import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { prover } from '@heddle/workloads/proofs'
import { folder } from '../faults/stage.ts'
import { readingFrom, startWatched } from './stage.ts'

type Doom = { point: 'checked' | 'stored' | 'chosen'; count: number }

/** Starts a watcher as a process. Gives how it ended, and where it listens as long as it does. */
function spawnWatcher(t: TestContext, settings: { home: string; gateway: string; doom?: Doom }) {
  const child: ChildProcess = fork(join(import.meta.dirname, 'doomed-watcher.ts'), {
    env: { ...process.env, HEDDLE_SETTINGS: JSON.stringify(settings) },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  t.after(() => child.kill('SIGKILL'))
  const ended = new Promise<NodeJS.Signals | null>(resolve => child.once('exit', (_, signal) => resolve(signal)))
  const ready = new Promise<string>((resolve, reject) => {
    child.on('message', message => resolve(`http://127.0.0.1:${(message as { port: number }).port}`))
    child.once('exit', () => reject(new Error('it ended before it listened')))
  })
  ready.catch(() => undefined)
  return { ended, ready }
}

for (const point of ['checked', 'stored', 'chosen'] as const) {
  test(`kill -9 when a receipt is ${point}: nothing is lost, nothing counts twice`, async t => {
    let asked = 0
    const { stage, gateway, ask } = await startWatched(t, [() => (asked++ % 3 === 2 ? 'redraw' : undefined)])
    const home = folder(t)
    const ids: string[] = []
    for (let i = 0; i < 6; i++) ids.push(await ask())
    // It dies at the first, then at the second, then at the third time that it comes there; six receipts outlast it.
    for (const count of [1, 2, 3]) {
      const doomed = spawnWatcher(t, { home, gateway: gateway.url, doom: { point, count } })
      let ended = false
      const end = doomed.ended.finally(() => {
        ended = true
      })
      // Whoever dies while choosing needs something new to choose.
      while (point === 'chosen' && count > 1 && !ended && ids.length < 200) ids.push(await ask())
      assert.equal(await end, 'SIGKILL')
    }
    const watcher = readingFrom(await spawnWatcher(t, { home, gateway: gateway.url }).ready)
    const checks = await watcher.checked(ids.length)
    assert.deepEqual(checks.map(({ id }) => id).sort(), ids.toSorted())
    assert.deepEqual(
      checks.map(({ number }) => number),
      ids.map((_, i) => i + 1),
    )
    const guilty = ids.filter((_, i) => i % 3 === 2)
    const rate = await watcher.rateOf(stage.provider.address, () => true)
    assert.deepEqual(
      [rate.honest, rate.dishonest, rate.inconclusive, rate.silent],
      [ids.length - guilty.length, guilty.length, 0, 0],
    )
    const proofs = join(home, 'proofs')
    assert.deepEqual(readdirSync(proofs).sort(), guilty.map(id => `${id}.json`).sort())
    for (const file of readdirSync(proofs))
      assert.equal(prover.verify(prover.read(readFileSync(join(proofs, file), 'utf8'))).verdict, 'dishonest')
  })
}
