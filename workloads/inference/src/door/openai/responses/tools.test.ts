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

test('names that are too long together stay two names, each of which leads back to its own', () => {
  const [one, other] = [`${'n'.repeat(60)}_one`, `${'n'.repeat(60)}_two`]
  const name = 'look_for_it'
  const { model, own, tools } = readResponseTools({ tools: [namespaced(one, [name]), namespaced(other, [name])] })
  const names = [one, other].map(namespace => model({ namespace, name }))
  assert.equal(new Set(names).size, 2)
  for (const [i, namespace] of [one, other].entries()) {
    assert.match(names[i]!, /^[a-zA-Z0-9_-]{1,64}$/)
    assert.deepEqual(own(names[i]!), { namespace, name })
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
