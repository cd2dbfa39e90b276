import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type CallForm, callId, startCalls } from './calls.ts'

const tools = [
  { name: 'look', parameters: JSON.stringify({ type: 'object', properties: { at: { type: 'string' } } }) },
  { name: 'look_up' },
]
const generic: CallForm = { mark: '||call:', lead: ' ', open: () => '(', close: () => ')', end: '' }
const tagged: CallForm = {
  mark: '<tool_call>',
  lead: '\n{"name": "',
  open: () => '", "arguments": ',
  close: () => '}\n</tool_call>',
  next: '\n<tool_call>\n{"name": "',
  end: '',
}

function setup(form: CallForm, parallel = true) {
  const reader = startCalls({ form, tools, parallel, id: index => `call_${index}` })
  /** Reads a text cut anywhere; gives the calls, as a client puts them together. */
  const read = (text: string, cuts: readonly number[] = []) => {
    const calls: { id?: string; name?: string; arguments: string }[] = []
    const places = [0, ...cuts.map(cut => cut % (text.length + 1)), text.length].toSorted((a, b) => a - b)
    let done = false
    for (let i = 1; i < places.length && !done; i++) {
      const step = reader.take(text.slice(places[i - 1], places[i]))
      for (const { toolCall } of step.pieces) {
        const { index, arguments: more = '', ...head } = toolCall!
        calls[index] ??= { arguments: '' }
        Object.assign(calls[index]!, head)
        calls[index]!.arguments += more
      }
      done = step.done
    }
    return { calls, done }
  }
  return { reader, read }
}

const cuts = fc.array(fc.nat(500), { maxLength: 12 })
const value = fc.record({ at: fc.string(), more: fc.array(fc.constantFrom('{', '}', '"', ')', '\\')) })

test('a call is read however its text is cut, whatever its arguments hold', () => {
  fc.assert(
    fc.property(value, fc.constantFrom('look', 'look_up'), fc.boolean(), cuts, (what, name, space, places) => {
      const json = JSON.stringify(what)
      const { reader, read } = setup(generic)
      const { calls, done } = read(`${space ? ' ' : ''}${name}(${json}) and more`, places)
      assert.deepEqual(calls, [{ id: 'call_0', name, arguments: json }])
      assert.ok(done && reader.whole)
    }),
  )
})

test('several calls are read where the model writes several, one where one is wanted', () => {
  const text =
    '\n{"name": "look", "arguments": {"at":"}"}}\n</tool_call>\n<tool_call>\n{"name": "look_up", "arguments": {}}\n</tool_call>'
  const both = [
    { id: 'call_0', name: 'look', arguments: '{"at":"}"}' },
    { id: 'call_1', name: 'look_up', arguments: '{}' },
  ]
  fc.assert(
    fc.property(cuts, places => {
      const { reader, read } = setup(tagged)
      assert.deepEqual(read(text, places), { calls: both, done: false })
      assert.ok(reader.whole)
    }),
  )
  assert.deepEqual(setup(tagged, false).read(text), { calls: both.slice(0, 1), done: true })
})

test('half a call is none: no name leaves before it is whole, and the reader knows', () => {
  const { reader, read } = setup(generic)
  assert.deepEqual(read(' look'), { calls: [], done: false })
  assert.equal(reader.whole, false)
  assert.deepEqual(read('_up({"a":').calls, [{ id: 'call_0', name: 'look_up', arguments: '{"a":' }])
  assert.equal(reader.whole, false)
})

test('what no tool is called is text, and has no grammar', () => {
  const { reader } = setup(generic)
  assert.ok(reader.grammar(''))
  assert.ok(reader.grammar(' loo'))
  assert.equal(reader.grammar(' fetch'), undefined)
  assert.equal(reader.grammar('', 'fetch'), undefined)
})

test('ids are the same for the same job, and differ between choices and calls', () => {
  const seed = `0x${'ab'.repeat(32)}`
  assert.match(callId(seed, 0, 0), /^call_[0-9A-Za-z]{24}$/)
  assert.equal(callId(seed, 0, 0), callId(seed, 0, 0))
  assert.equal(new Set([callId(seed, 0, 0), callId(seed, 0, 1), callId(seed, 1, 0)]).size, 3)
})
