import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInferenceWorker } from '@heddle/inference/worker'
import { digestOf, isHeddleError } from '@heddle/protocol'
import { folder, quiet } from '../../test/faults/stage.ts'
import { type GuardStage, request, statusOf } from '../../test/guard/stage.ts'

/** One class of what was done to engines, and an attack of it; it throws when the attack got through. */
export type Row = { name: string; attack(stage: GuardStage, t: never): Promise<void> }

async function refusedEverywhere(stage: GuardStage, requests: readonly string[]): Promise<void> {
  for (const bytes of requests)
    for (const answer of await stage.attack(bytes)) assert.ok(statusOf(answer) >= 400, answer.slice(0, 80))
  await stage.held('ATTACK')
}

const PATH = '/v1/chat/completions'
const chat = (over: Record<string, unknown> = {}) => ({
  model: 'toy:1b',
  messages: [{ role: 'user', content: 'ATTACK' }],
  max_tokens: 8,
  ...over,
})

/** The rows of the guard's table. */
export const rows: readonly Row[] = [
  {
    name: 'path traversal and code execution through pull digests',
    attack: stage =>
      refusedEverywhere(stage, [
        request('POST', '/api/pull', { model: 'evil.example/ATTACK', insecure: true }),
        request('POST', '/v1/..%2fapi/pull', { model: 'ATTACK' }),
        request('POST', '/v1/../api/pull', { model: 'ATTACK' }),
      ]),
  },
  {
    name: 'zip-slip, file probing and crashes through create and blobs',
    attack: stage =>
      refusedEverywhere(stage, [
        request('POST', '/api/create', { model: 'ATTACK', files: { '../../x': 'sha256:ATTACK' } }),
        request('POST', `/api/blobs/sha256:${'a'.repeat(64)}`, 'ATTACK'),
        request('HEAD', `/api/blobs/sha256:${'a'.repeat(64)}`),
      ]),
  },
  {
    name: 'model theft through push, poisoning through pull, no authentication',
    async attack(stage) {
      await refusedEverywhere(stage, [
        request('POST', '/api/push', { model: 'evil.example/ATTACK' }),
        request('POST', PATH, chat(), { authorization: '' }),
        request('POST', '/invocations', { prompt: 'ATTACK' }),
        request('POST', '/score', { text_1: 'ATTACK' }),
      ])
      const [model] = stage.engine.models
      const good = model!.digest
      model!.digest = 'ee'.repeat(32)
      const before = stage.engine.questions().length
      assert.ok((await stage.ask()).status >= 400)
      assert.equal(stage.engine.questions().length, before)
      model!.digest = good
      while (!stage.worker.ready()) await new Promise(resolve => setTimeout(resolve, 20))
    },
  },
  {
    name: 'DNS rebinding and foreign origins',
    attack: stage =>
      refusedEverywhere(stage, [
        request('POST', PATH, chat(), { host: 'evil.example' }),
        request('POST', PATH, chat(), { origin: 'https://evil.example' }),
        request('POST', PATH, chat(), { origin: 'null', 'content-type': 'text/plain' }),
      ]),
  },
  {
    name: 'malicious GGUF',
    async attack(_, t) {
      const bytes = Buffer.concat([Buffer.from('GGUF'), Buffer.alloc(4_096, 0xff)])
      const path = join(folder(t), 'bad.gguf')
      writeFileSync(path, bytes)
      const start = { log: quiet, threads: 1, context: 256 }
      const other = digestOf(Buffer.from('other'))
      await assert.rejects(createInferenceWorker({ ...start, model: { name: 'bad', path, digest: other } }), error =>
        isHeddleError(error, 'model_digest'),
      )
      await assert.rejects(
        createInferenceWorker({ ...start, model: { name: 'bad', path, digest: digestOf(bytes) } }),
        error => isHeddleError(error),
      )
    },
  },
  {
    name: 'bad registry: a model that is not there is never fetched',
    async attack(stage) {
      const { models } = stage.engine
      stage.engine.models = []
      assert.ok((await stage.ask()).status >= 400)
      assert.ok(stage.engine.requests.every(({ path }) => !/pull|push|create|blobs/.test(path)))
      stage.engine.models = models
      while (!stage.worker.ready()) await new Promise(resolve => setTimeout(resolve, 20))
    },
  },
  {
    name: 'malformed images',
    async attack(stage) {
      const url = `data:image/png;base64,${Buffer.from('ATTACK'.repeat(40)).toString('base64')}`
      const content = [{ type: 'image_url', image_url: { url } }]
      const before = stage.engine.questions().length
      const response = await stage.ask({ messages: [{ role: 'user', content }] })
      assert.equal(response.status, 400, await response.text())
      assert.equal(stage.engine.questions().length, before)
    },
  },
  {
    name: "cloud passthrough and web fetch on the provider's account",
    attack: stage =>
      refusedEverywhere(stage, [
        request('POST', PATH, chat({ model: 'gpt-oss:120b-cloud' })),
        request('POST', PATH, chat({ model: 'toy:cloud' })),
        request('POST', '/api/experimental/web_fetch', { url: 'http://evil.example/ATTACK' }),
        request('POST', '/api/experimental/web_search', { query: 'ATTACK' }),
      ]),
  },
]
