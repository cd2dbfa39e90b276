import assert from 'node:assert/strict'
import { test } from 'node:test'
import { digestOf, HeddleError, isHeddleError, type Model } from '@heddle/protocol'
import { findModel, knownModels, namesHere } from './models.ts'

const model = (id: string): Model => ({ id, digest: digestOf(id), context: 2_048, prices: {}, features: [] })
const house = {
  models: () => [model('smol:latest'), model('smol:135m'), model('plain'), model('both'), model('both:latest')],
}

test('a name without a tag is the latest; one that is here as it stands comes first', () => {
  assert.equal(findModel(house, 'smol').id, 'smol:latest')
  assert.equal(findModel(house, 'smol:135m').id, 'smol:135m')
  assert.equal(findModel(house, 'both').id, 'both')
  for (const id of ['smol:', 'smol:1', 'smo', 'plain:latest', ''])
    assert.throws(
      () => findModel(house, id),
      error => isHeddleError(error, 'model_unknown'),
      id,
    )
})

test('fall-backs are asked by the names that the house has, each once; what is not here stays named', () => {
  assert.deepEqual(
    knownModels(house, ['none', 'smol', 'smol:latest', 'plain']).map(one => one.id),
    ['smol:latest', 'plain'],
  )
  assert.deepEqual(namesHere(house, ['none', 'smol']), ['none', 'smol:latest'])
})

test('whoever may not have a model hears why, and who asks for none that is here that there is none', () => {
  const refusal = (id: string) =>
    id === 'dear' ? new HeddleError('model_refused', 'the key may ask others') : undefined
  assert.throws(
    () => knownModels({ ...house, refusal }, ['dear']),
    error => isHeddleError(error, 'model_refused'),
  )
  assert.throws(
    () => findModel({ ...house, refusal }, 'none'),
    error => isHeddleError(error, 'model_unknown'),
  )
})
