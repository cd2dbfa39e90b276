import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { digestOfFile } from '@heddle/inference/models'
import { createInferenceWorker } from '@heddle/inference/worker'
import { digestOf, isHeddleError, utf8 } from '@heddle/protocol'
import { folder, quiet } from '../faults/stage.ts'
import { TINY } from '../house.ts'
import { MODEL, startGuardStage } from './stage.ts'

const START = { log: quiet, threads: 1, context: 256, concurrency: 1 }

/** A file of weights with these bytes, and the digest that its operator would allow. */
async function weights(t: TestContext, bytes: Buffer) {
  const path = join(folder(t), 'model.gguf')
  writeFileSync(path, bytes)
  return { name: 'bad', path, digest: await digestOfFile(path) }
}

test('weights that are not the allowed ones are never loaded', async t => {
  const model = await weights(t, readFileSync(TINY))
  await assert.rejects(
    createInferenceWorker({ ...START, model: { ...model, digest: digestOf(utf8('others')) } }),
    error => isHeddleError(error, 'model_digest'),
  )
})

test('a truncated, a lying and a garbage GGUF end the engine, not the daemon', async t => {
  const good = readFileSync(TINY)
  const lying = Buffer.from(good)
  // The counts of tensors and of metadata: 2⁶³ of each.
  lying.fill(0xff, 8, 15)
  lying.fill(0xff, 16, 23)
  const bad: [string, Buffer][] = [
    ['truncated', good.subarray(0, good.length >> 1)],
    ['lying about its counts', lying],
    ['garbage behind the magic', Buffer.concat([good.subarray(0, 4), Buffer.alloc(4_096, 0x41)])],
    ['empty', Buffer.alloc(0)],
  ]
  for (const [what, bytes] of bad) {
    const model = await weights(t, bytes)
    await assert.rejects(
      createInferenceWorker({ ...START, model, patience: { startMs: 20_000 } }),
      error => isHeddleError(error) && ['engine_down', 'engine_slow', 'model_unavailable'].includes(error.code),
      what,
    )
  }
})

test('a model that is replaced while it is served is withdrawn: no question reaches the poisoned one', async t => {
  const stage = await startGuardStage(t, 'ollama', {}, { patience: { pollMs: 50, freshMs: 0 } })
  await stage.held()
  const before = stage.engine.questions().length
  const [model] = stage.engine.models
  const good = model!.digest
  model!.digest = 'ee'.repeat(32)
  const refused = await stage.ask()
  assert.ok(refused.status >= 400)
  assert.equal(stage.engine.questions().length, before)
  assert.ok(stage.log.lines.some(({ event, fields }) => event === 'refused' && fields['rule'] === 'digest'))
  model!.digest = good
  while (!stage.worker.ready()) await new Promise(resolve => setTimeout(resolve, 20))
  assert.equal(stage.worker.serves()[0]?.name, MODEL)
})

test('a model that is not there is a refusal, never a download', async t => {
  const stage = await startGuardStage(t, 'ollama', {}, { patience: { pollMs: 50, freshMs: 0 } })
  stage.engine.models = []
  const response = await stage.ask()
  assert.ok(response.status >= 400)
  assert.deepEqual(
    stage.engine.requests.filter(({ path }) => /pull|push|create|blobs|copy|delete/.test(path)),
    [],
  )
  assert.equal(stage.engine.questions().length, 0)
})
