import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HeddleError } from '@heddle/protocol'
import { ollamaDoor } from '../door.ts'
import { call, recordingHouse } from '../testing/house.ts'

test('every path of Ollama is refused in one sentence, and the house hears nothing', async () => {
  const { house, asked } = recordingHouse()
  assert.ok(ollamaDoor.routes.length > 10)
  for (const { method, path } of ollamaDoor.routes) {
    const { status, json } = await call(ollamaDoor, house, method, path, { model: 'toy' })
    assert.equal(status, 404)
    assert.match((json as { error: string }).error, /\/v1 as its base URL/)
  }
  assert.equal(asked.length, 0)
})

test('without a key it is refused in the same words', () => {
  const { body } = ollamaDoor.error(new HeddleError('key_missing'))
  assert.match((body as { error: string }).error, /does not speak Ollama's API/)
})
