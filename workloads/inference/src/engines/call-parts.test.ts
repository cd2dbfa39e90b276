import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import fc from 'fast-check'
import type { GenerationSpec } from '../spec.ts'
import { chat } from '../testing/engine-worker.ts'
import { openAiReader } from './read-openai.ts'

type Part = { index?: number; id?: string | number; type?: string; function?: { name?: string; arguments?: unknown } }

/** What comes out of a stream of parts: each call whole, in the order in which they left; and how it ended. */
function read(parts: readonly Part[], finish = 'tool_calls') {
  const reader = openAiReader(chat({ tools: [{ name: 'f' }] }) as GenerationSpec)
  const say = (delta: object, finish_reason: string | null = null) =>
    reader(JSON.stringify({ choices: [{ index: 0, delta, finish_reason }] })).pieces
  const pieces = [...parts.flatMap(part => say({ tool_calls: [part] })), ...say({}, finish)]
  const calls: { id: string; name: string; arguments: string }[] = []
  let last = -1
  for (const { toolCall } of pieces) {
    if (!toolCall) continue
    const { index, id, name } = toolCall
    assert.ok(index === last || index === last + 1, 'calls come after each other')
    assert.equal(
      id !== undefined && name !== undefined,
      index > last,
      'the first piece of a call names it, and no other',
    )
    if (index > last) calls.push({ id: id!, name: name!, arguments: '' })
    last = index
    calls[index]!.arguments += toolCall.arguments ?? ''
  }
  return { calls: calls.map(({ id, name, arguments: json }) => [id, name, json]), end: pieces.at(-1)?.finish }
}

const f = (over: Part): Part => over
const two = [
  ['c1', 'f', '{"a":1}'],
  ['c2', 'f', '{"a":2}'],
]

test('calls come out the same in every order in which engines send them', () => {
  const orders: Record<string, Part[]> = {
    'one after the other, arguments in parts': [
      f({ index: 0, id: 'c1', function: { name: 'f', arguments: '' } }),
      f({ index: 0, function: { arguments: '{"a"' } }),
      f({ index: 0, function: { arguments: ':1}' } }),
      f({ index: 1, id: 'c2', function: { name: 'f', arguments: '{"a":2}' } }),
    ],
    'two ids, one index': [
      f({ index: 0, id: 'c1', function: { name: 'f', arguments: '{"a":1}' } }),
      f({ index: 0, id: 'c2', function: { name: 'f', arguments: '{"a":2}' } }),
    ],
    interleaved: [
      f({ index: 0, id: 'c1', function: { name: 'f', arguments: '' } }),
      f({ index: 1, id: 'c2', function: { name: 'f', arguments: '' } }),
      f({ index: 1, function: { arguments: '{"a":' } }),
      f({ index: 0, function: { arguments: '{"a":1}' } }),
      f({ index: 1, function: { arguments: '2}' } }),
    ],
    'without an index': [
      f({ id: 'c1', function: { name: 'f', arguments: '{"a":' } }),
      f({ function: { arguments: '1}' } }),
      f({ id: 'c2', function: { name: 'f', arguments: '{"a":2}' } }),
    ],
    'id and name again with every part': [
      f({ index: 0, id: 'c1', function: { name: 'f', arguments: '{"a":' } }),
      f({ index: 0, id: 'c1', function: { name: 'f', arguments: '1}' } }),
      f({ index: 1, id: 'c2', function: { name: 'f', arguments: '{"a":' } }),
      f({ index: 1, id: 'c2', function: { name: 'f', arguments: '2}' } }),
    ],
    'arguments as an object': [
      f({ index: 0, id: 'c1', function: { name: 'f', arguments: { a: 1 } } }),
      f({ index: 1, id: 'c2', function: { name: 'f', arguments: { a: 2 } } }),
    ],
    'the second before the first is whole': [
      f({ index: 1, id: 'c1', function: { name: 'f', arguments: '{"a":1}' } }),
      f({ index: 0, id: 'c2', function: { name: 'f', arguments: '{"a":2}' } }),
    ],
    'a name that comes after the arguments': [
      f({ index: 0, id: 'c1', function: { arguments: '' } }),
      f({ index: 0, function: { name: 'f', arguments: '{"a":1}' } }),
      f({ index: 1, id: 'c2', function: { arguments: '{"a":2}' } }),
      f({ index: 1, function: { name: 'f' } }),
    ],
    'what a parser left around a name, and after the arguments': [
      f({ index: 0, id: 'c1', function: { name: 'functions.f', arguments: '{"a":1}</tool_call>' } }),
      f({ index: 1, id: 'c2', function: { name: 'f<|channel|>json', arguments: '{"a":2}' } }),
    ],
    'arguments said twice, or in a string': [
      f({ index: 0, id: 'c1', function: { name: 'f', arguments: '{"a":1}' } }),
      f({ index: 0, function: { arguments: '{"a":1}' } }),
      f({ index: 1, id: 'c2', function: { name: 'f', arguments: '"{\\"a\\":2}"' } }),
    ],
    'an id that comes later': [
      f({ index: 0, id: 'c1', function: { name: 'f' } }),
      f({ index: 0, id: '', function: { arguments: '{"a":1}' } }),
      f({ index: 1, id: 'c2', function: { name: 'f' } }),
      f({ index: 1, function: { name: '', arguments: '{"a":2}' } }),
    ],
  }
  for (const [order, parts] of Object.entries(orders))
    for (const finish of ['tool_calls', 'stop'])
      assert.deepEqual(read(parts, finish), { calls: two, end: 'tool_calls' }, order)
})

test('arguments in a string are taken out of it, whatever they are called; what means no object is as it came', () => {
  const argumentsOf = (json: string) =>
    read([f({ index: 0, id: 'c1', function: { name: 'f', arguments: json } })]).calls
  for (const name of ['a', 'text']) {
    const object = JSON.stringify({ [name]: 'x' })
    assert.deepEqual(argumentsOf(JSON.stringify(object)), [['c1', 'f', object]])
  }
  for (const json of ['Paris', '[1]', '"a"', '7']) assert.deepEqual(argumentsOf(json), [['c1', 'f', json]])
})

test('a name in pieces is one name; calls without ids are told apart', () => {
  const pieces = [f({ index: 0, id: 'c1', function: { name: 'get_' } }), f({ index: 0, function: { name: 'weather' } })]
  assert.deepEqual(read(pieces).calls, [['c1', 'get_weather', '{}']])
  const nameless = [1, 2].map(a => f({ index: 0, function: { name: 'f', arguments: `{"a":${a}}` } }))
  assert.deepEqual(
    read(nameless).calls.map(([, name, json]) => [name, json]),
    [
      ['f', '{"a":1}'],
      ['f', '{"a":2}'],
    ],
  )
})

test('a call without arguments has an empty object; one that was cut has what was said', () => {
  assert.deepEqual(read([f({ index: 0, id: 'c1', function: { name: 'f', arguments: '' } })]).calls, [['c1', 'f', '{}']])
  assert.deepEqual(read([f({ index: 0, id: 'c1', function: { name: 'f' } })]).calls, [['c1', 'f', '{}']])
  const cut = read([f({ index: 0, id: 'c1', function: { name: 'f', arguments: '{"a' } })], 'length')
  assert.deepEqual(cut, { calls: [['c1', 'f', '{"a']], end: 'length' })
})

test('nothing, null, an empty list: a call without arguments has an empty object', () => {
  for (const given of [undefined, null, '', 'null', [], {}, ' ', '"{}"'])
    assert.deepEqual(
      read([f({ index: 0, id: 'c1', function: { name: 'f', arguments: given } })]).calls,
      [['c1', 'f', '{}']],
      JSON.stringify(given),
    )
})

test('two objects in a row are two calls; what is no object is handed on as it is', () => {
  const glued = read([f({ index: 0, id: 'c1', function: { name: 'f', arguments: '{"a":1}{"a":2}{"a":3}' } })]).calls
  assert.deepEqual(
    glued.map(([, name, json]) => [name, json]),
    [1, 2, 3].map(a => ['f', `{"a":${a}}`]),
  )
  assert.equal(new Set(glued.map(([id]) => id)).size, 3)
  for (const json of ["{'a': 1}", '{"a":', '[1]', 'Paris'])
    assert.deepEqual(read([f({ index: 0, id: 'c1', function: { name: 'f', arguments: json } })]).calls, [
      ['c1', 'f', json],
    ])
})

test('an id may be a number; a name of no tool is told in letters that can be sent back', () => {
  assert.deepEqual(read([f({ index: 0, id: 7, function: { name: 'f', arguments: '{}' } })]).calls, [['7', 'f', '{}']])
  for (const name of ['nosuch', 'mcp/x:y', 'g<|channel|>json', 'f'.repeat(5_000), 'é']) {
    const [[, told] = []] = read([f({ index: 0, id: 'c1', function: { name, arguments: '{}' } })]).calls
    assert.match(told!, /^[a-zA-Z0-9_-]{1,64}$/, name.slice(0, 20))
  }
})

test('what is no call is malformed', () => {
  for (const part of [null, 'f', { index: 0 }, { index: 0, id: 'c1', function: {} }] as unknown as Part[])
    assert.throws(
      () => read([part]),
      error => isHeddleError(error, 'engine_malformed'),
    )
  const many = Array.from({ length: 65 }, (_, index) => f({ index, id: `c${index}`, function: { name: 'f' } }))
  assert.throws(
    () => read(many),
    error => isHeddleError(error, 'engine_malformed'),
  )
})

test('any cutting and interleaving of calls that are told apart by their index comes out whole', () => {
  const json = fc
    .dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 })
    .map(one => JSON.stringify(one))
  const call = fc.record({ json, cuts: fc.array(fc.nat(40), { maxLength: 4 }) })
  fc.assert(
    fc.property(fc.array(call, { minLength: 1, maxLength: 4 }), fc.infiniteStream(fc.nat()), (calls, order) => {
      const queues = calls.map(({ json: text, cuts }, index) => {
        const at = [0, ...cuts.map(cut => cut % (text.length + 1)).toSorted((a, b) => a - b), text.length]
        const parts = at.slice(1).map((end, i) => f({ index, function: { arguments: text.slice(at[i], end) } }))
        return [f({ index, id: `c${index}`, function: { name: `f${index}`, arguments: '' } }), ...parts]
      })
      const mixed: Part[] = queues.map(queue => queue.shift()!)
      for (
        let left = queues.filter(queue => queue.length > 0);
        left.length > 0;
        left = queues.filter(queue => queue.length > 0)
      )
        mixed.push(left[order.next().value! % left.length]!.shift()!)
      assert.deepEqual(
        read(mixed).calls,
        calls.map(({ json: text }, index) => [`c${index}`, `f${index}`, text]),
      )
    }),
    { numRuns: 300 },
  )
})
