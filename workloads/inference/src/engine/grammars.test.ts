import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { refusal, tinyEngine, user, weather } from '../testing/tiny-engine.ts'
import type { ChatSpec, Message, Piece } from '../workload.ts'

const clock = { name: 'get_time' }
const callOf = (pieces: readonly Piece[]) => ({
  id: pieces.find(piece => piece.toolCall?.id)?.toolCall?.id,
  name: pieces.find(piece => piece.toolCall?.name)?.toolCall?.name,
  arguments: pieces.map(piece => piece.toolCall?.arguments ?? '').join(''),
  finish: pieces.at(-1)?.finish,
})

describe('an answer that is held to a form', { timeout: 230_000 }, () => {
  const { ask, count } = tinyEngine()

  test('an answer in JSON is JSON of the schema, unless it had to end before it was done', async () => {
    const properties = { name: { type: 'string', maxLength: 12 }, age: { type: 'integer', minimum: 0, maximum: 99 } }
    const schema = { type: 'object', properties, required: ['name', 'age'], additionalProperties: false }
    for (const temperature of [0, 1, 2]) {
      const format = { type: 'schema' as const, schema: JSON.stringify(schema) }
      const { text, last } = await ask({ messages: user('A cat.'), format, temperature })
      assert.equal(last.finish, 'stop')
      const value = JSON.parse(text) as { name: string; age: number }
      assert.deepEqual(Object.keys(value), ['name', 'age'])
      assert.ok(value.name.length <= 12 && Number.isInteger(value.age) && value.age >= 0 && value.age <= 99, text)
      const any = await ask({ messages: user('A cat.'), format: { type: 'json' }, temperature, maxCompletion: 300 })
      if (any.last.finish === 'stop') assert.equal(typeof JSON.parse(any.text), 'object')
      const cut = await ask({ messages: user('A cat.'), format, temperature, maxCompletion: 3 })
      assert.equal(cut.last.finish, 'length')
    }
  })

  test('a schema that could not be kept is refused before anything runs, naming the keyword', async () => {
    const schema = { type: 'object', properties: { name: { type: 'string', pattern: '(?<=a)b' } } }
    const param = 'format.schema.properties.name.pattern'
    await assert.rejects(
      ask({ format: { type: 'schema', schema: JSON.stringify(schema) } }),
      refusal('unsupported_field', { param }),
    )
  })

  test('a forced call comes as a call, with arguments of the schema, and the same id when it is run again', async () => {
    const spec: Partial<ChatSpec> = { messages: user('Weather?'), tools: [weather, clock], temperature: 1 }
    const named = await ask({ ...spec, toolChoice: { name: 'get_weather' } })
    const call = callOf(named.pieces)
    assert.deepEqual([call.name, call.finish, named.text, named.last.finish], ['get_weather', 'tool_calls', '', 'stop'])
    const { city, unit = 'C', ...rest } = JSON.parse(call.arguments) as Record<string, string>
    assert.ok(typeof city === 'string' && city.length <= 12 && ['C', 'F'].includes(unit), call.arguments)
    assert.deepEqual(rest, {})
    assert.deepEqual(callOf((await ask({ ...spec, toolChoice: { name: 'get_weather' } })).pieces), call)
    const required = callOf((await ask({ ...spec, toolChoice: 'required' })).pieces)
    assert.ok(['get_weather', 'get_time'].includes(required.name!))
    assert.equal(typeof JSON.parse(required.arguments), 'object')
    assert.deepEqual(callOf((await ask({ ...spec, toolChoice: { name: 'get_time' } })).pieces).arguments, '{}')
  })

  test('arguments of a strict tool are what its parameters say, every keyword of them', async () => {
    const point = { type: 'object', properties: { x: { $ref: '#/$defs/small' } }, required: ['x'] }
    const parameters = {
      type: 'object',
      properties: { points: { type: 'array', items: point, minItems: 2, maxItems: 3 } },
      required: ['points'],
      additionalProperties: false,
      $defs: { small: { type: 'integer', minimum: 10, maximum: 12 } },
    }
    const tools = [{ name: 'draw', parameters: JSON.stringify(parameters), strict: true as const }]
    for (const seed of [1, 2, 3]) {
      const { pieces } = await ask({ tools, toolChoice: { name: 'draw' }, temperature: 1.5, seed })
      const call = callOf(pieces)
      assert.equal(call.finish, 'tool_calls')
      const { points, ...rest } = JSON.parse(call.arguments) as { points: { x: number }[] }
      assert.deepEqual(rest, {})
      assert.ok(points.length >= 2 && points.length <= 3 && points.every(({ x }) => [10, 11, 12].includes(x)))
    }
  })

  test('a strict tool that could not be kept is refused before anything runs; the same tool, not strict, is not', async () => {
    const parameters = { type: 'object', properties: { name: { type: 'string', pattern: '(?<=a)b' } } }
    const tools = [clock, { name: 'find', parameters: JSON.stringify(parameters), strict: true as const }]
    const param = 'tools.1.parameters.properties.name.pattern'
    await assert.rejects(ask({ tools }), refusal('unsupported_field', { param }))
    const { strict: _, ...relaxed } = tools[1] as (typeof tools)[1] & { strict: true }
    const { used } = await ask({ tools: [relaxed], toolChoice: 'required', maxCompletion: 8 })
    assert.ok(used.completion > 0n)
    const list = {
      name: 'list',
      parameters: JSON.stringify({ type: 'array', items: { type: 'string' } }),
      strict: true as const,
    }
    await assert.rejects(ask({ tools: [list] }), refusal('unsupported_field', { param: 'tools.0.parameters.type' }))
  })

  test('a call that had to end before it was done is no call to be made', async () => {
    const tools = { tools: [weather], toolChoice: { name: 'get_weather' } }
    const { pieces, last } = await ask({ ...tools, maxCompletion: 2 })
    assert.deepEqual([last.finish, pieces.some(piece => piece.finish === 'tool_calls')], ['length', false])
  })

  test('results are read, and who may not call writes text', async () => {
    const call = { id: 'c1', name: 'get_weather', arguments: '{"city":"Oslo"}' }
    const messages: Message[] = [
      ...user('Weather in Oslo?'),
      { role: 'assistant', content: '', toolCalls: [call] },
      { role: 'tool', callId: 'c1', content: 'rain' },
    ]
    const spec: Partial<ChatSpec> = { messages, tools: [weather], toolChoice: 'none', maxCompletion: 30 }
    const { text, pieces } = await ask(spec)
    assert.ok(text.length > 0 && pieces.every(piece => !piece.toolCall))
    const longer = messages.with(2, { role: 'tool', callId: 'c1', content: 'rain, and a little wind' })
    assert.ok((await count({ ...spec, messages: longer })).prompt > (await count(spec)).prompt)
    await assert.rejects(
      ask({ ...spec, messages: messages.slice(0, 2) }),
      refusal('bad_request', { param: 'messages' }),
    )
    await assert.rejects(
      ask({ toolChoice: { name: 'none' }, tools: [weather] }),
      refusal('bad_request', { param: 'toolChoice' }),
    )
  })
})
