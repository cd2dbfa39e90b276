import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type HeddleError, isHeddleError, type Offer, type Question, type Routing } from '@heddle/protocol'
import { fixture } from '@heddle/testing'
import { answers, chosen } from './sale.ts'

const { serves } = fixture.offer
const question = (routing: Routing = {}, models: Question['models'] = [serves.name]): Question => ({
  workload: 'inference',
  models,
  spec: {},
  routing,
})
const served = (...all: Partial<Offer['serves']>[]) =>
  all.map(one => ({ offer: { ...fixture.offer, serves: { ...serves, ...one } }, signature: '0x' as const }))
const refusal = (offers: ReturnType<typeof served>, asked: Question): HeddleError => {
  try {
    chosen(offers, asked)
  } catch (error) {
    if (isHeddleError(error)) return error
  }
  throw new Error('it was not refused')
}

test('whoever wants a provider that was found honest does not get one that vouches for itself', () => {
  assert.match(refusal(served({}), question({ minHonestRate: 0 })).message, /^provider\.min_honest_rate/)
  assert.equal(answers(fixture.offer, question({ minHonestRate: 0 })), false)
  assert.equal(answers(fixture.offer, question()), true)
})

test('its own address is known in capitals, too', () => {
  const mine = fixture.offer.provider.toUpperCase().replace('0X', '0x')
  const offers = served({})
  assert.equal(chosen(offers, question({ only: [mine], order: [mine] })), offers[0]!.offer)
})

test('of several offers of a model the first that the rules leave, else the next model; the first problem is told', () => {
  const offers = served({ quantization: 'Q4_0' }, { quantization: 'F16' }, { name: 'other', quantization: 'Q4_0' })
  assert.equal(chosen(offers, question({ quantizations: ['f16'] })), offers[1]!.offer)
  assert.equal(chosen(offers, question({}, ['none', 'other'])), offers[2]!.offer)
  assert.equal(chosen(offers, question({ quantizations: ['q4_0'] }, ['other', serves.name])), offers[2]!.offer)
  assert.equal(refusal(offers, question({}, ['none'])).code, 'model_unknown')
  assert.match(refusal(offers, question({ quantizations: ['Q8_0'] })).message, /^provider\.quantizations/)
  assert.equal(refusal(offers, { ...question(), workload: 'another' }).code, 'model_unknown')
})
