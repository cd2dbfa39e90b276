import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import { chat, run, setup } from '../testing/engine-worker.ts'
import { ENGINE_KINDS, type EngineKind } from './settings.ts'

for (const kind of ENGINE_KINDS) {
  test(`${kind}: tool calls come out in pieces, with a finish of their own`, async t => {
    const features = ['chat', 'tools', 'reasoning', 'logprobs'] as const
    const script = { tokens: [], toolCalls: [{ name: 'look', arguments: '{"at":"loom"}' }] }
    const { engine, worker } = await setup(t, kind, script, { features })
    const tools = [
      { name: 'look', parameters: JSON.stringify({ type: 'object', properties: { at: { type: 'string' } } }) },
    ]
    const { pieces } = await run(worker, chat({ tools }))
    const calls = pieces.flatMap(piece => (piece.toolCall ? [piece.toolCall] : []))
    assert.equal(calls[0]?.name, 'look')
    assert.equal(calls.map(call => call.arguments).join(''), '{"at":"loom"}')
    assert.equal(pieces.at(-1)?.finish, 'tool_calls')
    const sent = engine.questions()[0]!.body as { tools: { function: { name: string } }[] }
    assert.equal(sent.tools[0]?.function.name, 'look')
  })
}

test('strict tools go to who was said to keep them, and the word goes with them', async t => {
  const tools = [{ name: 'look', parameters: JSON.stringify({ type: 'object' }), strict: true }, { name: 'rest' }]
  const features = ['chat', 'tools', 'strict'] as const
  for (const kind of ['llama-server', 'vllm', 'openai'] as const) {
    const { engine, worker } = await setup(t, kind, {}, { features })
    await run(worker, chat({ tools }))
    const sent = engine.questions()[0]!.body as { tools: { function: { strict?: boolean } }[] }
    assert.deepEqual(
      sent.tools.map(tool => tool.function.strict),
      [true, undefined],
    )
  }
  for (const kind of ENGINE_KINDS) {
    const { worker } = await setup(t, kind)
    await assert.rejects(run(worker, chat({ tools })), error => isHeddleError(error, 'unsupported_by_model'))
  }
})

test('a call is forced where the engine can be told to, each in the words that it knows', async t => {
  const tools = [{ name: 'look' }, { name: 'rest' }]
  const named = { tools, toolChoice: { name: 'rest' }, parallelTools: false }
  const features = ['chat', 'tools', 'tool_choice'] as const
  const sentTo = async (kind: EngineKind, over: Record<string, unknown>) => {
    const { engine, worker } = await setup(t, kind, {}, kind === 'llama-server' ? {} : { features })
    await run(worker, chat(over))
    return engine.questions()[0]!.body as Record<string, unknown> & { tools: { function: { name: string } }[] }
  }
  const vllm = await sentTo('vllm', named)
  assert.deepEqual(vllm['tool_choice'], { type: 'function', function: { name: 'rest' } })
  assert.equal(vllm['parallel_tool_calls'], false)
  assert.equal(vllm.tools.length, 2)
  // llama-server knows three words, and takes anything else for "auto".
  const llama = await sentTo('llama-server', named)
  assert.equal(llama['tool_choice'], 'required')
  assert.deepEqual(
    llama.tools.map(tool => tool.function.name),
    ['rest'],
  )
  assert.equal((await sentTo('llama-server', { tools, toolChoice: 'required' })).tools.length, 2)
})

test('a call is forced at an Ollama by the form of the answer, which is read as the call', async t => {
  const at = { type: 'object', properties: { at: { type: 'string' } }, required: ['at'] }
  const tools = [{ name: 'look', parameters: JSON.stringify(at) }, { name: 'rest' }]
  const tokens = ['{"name":"look",', '"arguments":{"at"', ':"loom"}}']
  const ollama = async (over: Record<string, unknown>, script: object = { tokens }) => {
    const { engine, worker } = await setup(t, 'ollama', script, { features: ['chat', 'tools', 'tool_choice'] })
    const { pieces } = await run(worker, chat({ tools, ...over }))
    return { pieces, body: engine.questions()[0]!.body as Record<string, unknown> }
  }
  for (const toolChoice of ['required', { name: 'look' }]) {
    const { pieces, body } = await ollama({ toolChoice })
    const call = pieces.find(piece => piece.toolCall)?.toolCall
    assert.deepEqual([call?.name, call?.arguments], ['look', '{"at":"loom"}'])
    assert.equal(pieces.at(-1)?.finish, 'tool_calls')
    assert.ok(!pieces.some(piece => piece.text))
    assert.equal(body['tools'], undefined)
    const format = JSON.stringify(body['format'])
    assert.equal(format.includes('rest'), toolChoice === 'required')
    assert.ok(format.includes('"enum":["look"]') && format.includes('"at"'))
  }
  const cut = await ollama({ toolChoice: 'required' }, { tokens: tokens.slice(0, 2), finish: 'length' })
  assert.ok(!cut.pieces.some(piece => piece.toolCall))
  const calls = [
    { name: 'look', arguments: '{}' },
    { name: 'rest', arguments: '{}' },
  ]
  const one = await ollama({ parallelTools: false }, { tokens: [], toolCalls: calls })
  assert.deepEqual(
    one.pieces.flatMap(({ toolCall }) => (toolCall ? [toolCall.name] : [])),
    ['look'],
  )
})

test('a choice of tools that cannot be is refused before the engine hears of it', async t => {
  const { engine, worker } = await setup(t, 'vllm', {}, { features: ['chat', 'tools', 'tool_choice'] })
  for (const over of [
    { tools: [{ name: 'look' }], toolChoice: { name: 'rest' } },
    { toolChoice: 'required' },
    { tools: [{ name: 'look' }, { name: 'look' }] },
  ])
    await assert.rejects(run(worker, chat(over)), error => isHeddleError(error, 'bad_request'))
  assert.deepEqual(engine.questions(), [])
})

test('an answer that says it called, and did not, only ended', async t => {
  const event = (delta: object, finish_reason: string | null = null) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason }] })}\n\n`
  const raw = `${event({ content: 'prose' })}${event({ tool_calls: [] }, 'tool_calls')}data: [DONE]\n\n`
  const { worker } = await setup(t, 'openai', { raw }, { features: ['chat', 'tools', 'tool_choice'] })
  const { pieces, last } = await run(worker, chat({ tools: [{ name: 'f' }], toolChoice: 'required' }))
  assert.equal(
    pieces.some(({ finish }) => finish === 'tool_calls'),
    false,
  )
  assert.equal(last.finish, 'stop')
})
