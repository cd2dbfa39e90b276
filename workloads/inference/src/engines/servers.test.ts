import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { quiet } from '../testing/engine-worker.ts'
import { inspectEngine } from './inspect.ts'
import type { EngineKind, EngineSettings } from './settings.ts'

type Answer = { status?: number; json: unknown }
type Script = (path: string, body: Record<string, unknown>) => Answer | undefined

/** What is found of a server that answers by a script, and 404 to everything else. */
async function inspect(t: TestContext, kind: EngineKind, script: Script, settings: Partial<EngineSettings> = {}) {
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    asked.push(request.url!)
    const body = Buffer.concat(parts).toString()
    const { status = 200, json } = script(request.url!, body === '' ? {} : JSON.parse(body)) ?? {
      status: 404,
      json: {},
    }
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { ...(await inspectEngine({ kind, url, ...settings }, quiet)), asked }
}

const models = (...data: object[]): Answer => ({ json: { data } })
const choice = (fields: object): Answer => ({ json: { choices: [{ index: 0, ...fields }] } })
const message = (content: string) => choice({ message: { role: 'assistant', content } })

test('llama-cpp-python is known by its description: it holds by grammar, does one thing at a time, and is not tried', async t => {
  const {
    engine,
    models: found,
    places,
    asked,
  } = await inspect(t, 'openai', path => {
    if (path === '/v1/models') return models({ id: 'm', owned_by: 'me' })
    if (path === '/openapi.json') return { json: { info: { title: '🦙 llama.cpp Python API', version: '0.3.36' } } }
  })
  assert.equal(engine, 'llama-cpp-python 0.3.36')
  assert.equal(places, 1)
  assert.ok(found[0]!.features.includes('schema') && !found[0]!.features.includes('tools'))
  assert.equal(asked.includes('/v1/chat/completions'), false)
})

test('LM Studio says of each model what it is, and how it was loaded', async t => {
  const { engine, models: found } = await inspect(t, 'openai', path => {
    if (path === '/v1/models') return models({ id: 'chat' }, { id: 'embed' })
    if (path !== '/api/v0/models') return undefined
    return models(
      {
        id: 'chat',
        type: 'vlm',
        capabilities: ['tool_use'],
        loaded_context_length: 16_384,
        max_context_length: 131_072,
      },
      { id: 'embed', type: 'embeddings', max_context_length: 2_048 },
    )
  })
  assert.equal(engine, 'LM Studio unknown')
  assert.deepEqual([found[0]!.context, found[1]!.context], [16_384, 2_048])
  for (const feature of ['tools', 'schema', 'images']) assert.ok(found[0]!.features.includes(feature), feature)
  assert.deepEqual(found[1]!.features, ['embedding'])
})

test('SGLang tells its arguments', async t => {
  const { models: found, places } = await inspect(t, 'openai', path => {
    if (path === '/v1/models') return models({ id: 'm', max_model_len: 32_768 })
    if (path === '/get_server_info')
      return { json: { model_path: 'm', version: '0.5', tool_call_parser: 'qwen25', max_running_requests: 48 } }
  })
  assert.equal(found[0]!.context, 32_768)
  assert.equal(places, 48)
  assert.ok(found[0]!.features.includes('tools') && !found[0]!.features.includes('reasoning'))
})

test('any other server is tried, and believed as far as its answers show it', async t => {
  const able: Script = (path, body) => {
    if (path === '/v1/models') return models({ id: 'm', context_length: 8_000 })
    if (path === '/v1/completions') return choice({ text: ' yes' })
    if (path !== '/v1/chat/completions') return undefined
    if (body['response_format']) return message('"heddle"')
    if (body['logprobs'])
      return choice({ message: { content: 'y' }, logprobs: { content: [{ token: 'y', logprob: -1 }] } })
    return message('yes')
  }
  const { models: found } = await inspect(t, 'openai', able)
  assert.deepEqual(found[0]!.features, ['chat', 'tools', 'schema', 'json', 'logprobs', 'completion'])
  assert.deepEqual([found[0]!.context, found[0]!.sources.features], [8_000, 'tried'])
  const plain: Script = (path, body) => {
    if (path === '/v1/models') return models({ id: 'm' })
    if (path === '/v1/chat/completions')
      return body['tools'] ? { status: 400, json: { error: 'no tools' } } : message('yes')
  }
  assert.deepEqual((await inspect(t, 'openai', plain)).models[0]!.features, ['chat'])
})

test('what is set is what counts, and then nothing is tried', async t => {
  const { models: found, asked } = await inspect(
    t,
    'openai',
    path => (path === '/v1/models' ? models({ id: 'm' }) : undefined),
    { features: ['chat', 'tools'], context: 5_000 },
  )
  assert.deepEqual(found[0]!.features, ['chat', 'tools'])
  assert.deepEqual([found[0]!.context, found[0]!.sources], [5_000, { features: 'set', context: 'set' }])
  assert.equal(asked.includes('/v1/chat/completions'), false)
})

test('a server with several models is not made to load each of them', async t => {
  const { models: found, asked } = await inspect(t, 'openai', path =>
    path === '/v1/models' ? models({ id: 'a' }, { id: 'b' }) : undefined,
  )
  assert.deepEqual(found[0]!.features, ['chat'])
  assert.equal(asked.includes('/v1/chat/completions'), false)
})

test('whether a vLLM takes tools is tried', async t => {
  const script =
    (takes: boolean): Script =>
    path => {
      if (path === '/v1/models') return models({ id: 'm', owned_by: 'vllm', max_model_len: 4_096 })
      if (path === '/version') return { json: { version: '0.30.0' } }
      return takes
        ? message('')
        : { status: 400, json: { error: '"auto" tool choice requires --enable-auto-tool-choice' } }
    }
  assert.ok((await inspect(t, 'vllm', script(true))).models[0]!.features.includes('tools'))
  assert.ok(!(await inspect(t, 'vllm', script(false))).models[0]!.features.includes('tools'))
})

test("Ollama's context is as it is set, or the model's own, and never above what it was trained on", async t => {
  const script =
    (parameters: string, trained = 131_072): Script =>
    path => {
      if (path === '/api/version') return { json: { version: '0.17.4' } }
      if (path === '/api/tags') return { json: { models: [{ model: 'm:1b', digest: 'ab'.repeat(32) }] } }
      if (path !== '/api/show') return undefined
      return { json: { capabilities: ['completion'], parameters, model_info: { 'llama.context_length': trained } } }
    }
  const contextOf = async (...given: Parameters<typeof script>) =>
    (await inspect(t, 'ollama', script(...given))).models[0]!
  assert.equal((await contextOf('stop "x"\nnum_ctx                        32768')).context, 32_768)
  assert.equal((await contextOf('num_ctx 32768', 2_048)).context, 2_048)
  const set = await inspect(t, 'ollama', script('num_ctx 32768'), { context: 65_536 })
  assert.deepEqual([set.models[0]!.context, set.models[0]!.sources.context], [65_536, 'set'])
})
