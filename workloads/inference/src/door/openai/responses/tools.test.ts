import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import { readResponseTools } from './tools.ts'

const namespaced = (name: string, functions: readonly string[]) => ({
  type: 'namespace' as const,
  name,
  tools: functions.map(one => ({ type: 'function' as const, name: one })),
})

test('a function in a namespace is called by its own name, or where two have the same, by both', () => {
  const { model, own } = readResponseTools({ tools: [namespaced('a', ['look', 'rest']), namespaced('b', ['look'])] })
  assert.equal(model({ namespace: 'a', name: 'rest' }), 'rest')
  assert.equal(model({ namespace: 'b', name: 'look' }), 'b__look')
  assert.deepEqual(own('b__look'), { namespace: 'b', name: 'look' })
})

test('names that are too long together stay different names, each of which leads back to its own', () => {
  const [long, short] = ['n'.repeat(60), 'm']
  const functions = ['look_near', 'look_far']
  const { model, own, tools } = readResponseTools({ tools: [long, short].map(one => namespaced(one, functions)) })
  const asked = [long, short].flatMap(namespace => functions.map(name => ({ namespace, name })))
  const names = asked.map(model)
  assert.equal(new Set(names).size, asked.length)
  for (const [i, one] of asked.entries()) {
    assert.match(names[i]!, /^[a-zA-Z0-9_-]{1,64}$/)
    assert.deepEqual(own(names[i]!), one)
  }
  assert.deepEqual(
    tools.tools?.map(tool => tool.name),
    names,
  )
})

test('more functions than a question may have are refused in the words of the client', () => {
  const many = Array.from({ length: 3 }, (_, i) =>
    namespaced(
      `n${i}`,
      Array.from({ length: 200 }, (_, j) => `f${i}_${j}`),
    ),
  )
  assert.throws(
    () => readResponseTools({ tools: many }),
    error => isHeddleError(error, 'bad_request') && /^tools has more than \d+ functions/.test(error.message),
  )
})
