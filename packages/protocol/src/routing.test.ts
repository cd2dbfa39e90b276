import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixture } from '@heddle/testing'
import fc from 'fast-check'
import { type Offer, type Routing, routingRules } from './index.ts'

const { addressOf } = fixture
const offer: Offer = { ...fixture.offer, serves: { ...fixture.offer.serves, quantization: 'Q4_K_M' } }
const [mine, other] = [offer.provider, addressOf(9)]
const brokenBy = (routing: Routing, of = offer, honesty?: number): string | undefined =>
  routingRules(routing, 'a-model')
    .find(rule => !rule.keeps(of, honesty))
    ?.problem().message

/** A text in which some letters are capitals. */
const inAnyCase = (text: string) =>
  fc
    .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
    .map(upper => [...text].map((char, i) => (upper[i] ? char.toUpperCase() : char)).join(''))

test('addresses and quantisations are the same in whatever case they are written', () => {
  fc.assert(
    fc.property(inAnyCase(mine), inAnyCase('q4_k_m'), (address, quantization) => {
      assert.equal(brokenBy({ only: [other, address], quantizations: ['F16', quantization] }), undefined)
      assert.match(brokenBy({ ignore: [address] })!, /^provider\.ignore: /)
    }),
  )
})

test('each rule leaves out what it says, and is named', () => {
  assert.match(brokenBy({ only: [other] })!, /^provider\.only: none of these offers a-model/)
  assert.match(brokenBy({ quantizations: ['F16'] })!, /^provider\.quantizations: /)
  assert.match(brokenBy({ maxPrice: { prompt: 1n } })!, /^provider\.max_price: /)
  assert.equal(brokenBy({ maxPrice: { prompt: 2n, image: 0n } }), undefined, 'what is not charged for costs nothing')
  assert.equal(brokenBy({ ignore: [other], order: [other], sort: 'price', fallbacks: false }), undefined)
  assert.equal(brokenBy({ quantizations: ['unknown'] }, fixture.offer), undefined)
})

test('a rate that nobody found is no rate, not even for who asks for none', () => {
  assert.match(brokenBy({ minHonestRate: 0 })!, /^provider\.min_honest_rate: /)
  assert.equal(brokenBy({ minHonestRate: 0 }, offer, 0), undefined)
  assert.match(brokenBy({ minHonestRate: 0.9 }, offer, 0.89)!, /^provider\.min_honest_rate: /)
})

test('the first rule that is broken is the one that is named', () => {
  assert.match(brokenBy({ maxPrice: { prompt: 0n }, only: [other] })!, /^provider\.only/)
})
