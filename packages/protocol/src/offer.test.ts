import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixture, type Json, mutationsOf } from '@heddle/testing'
import fc from 'fast-check'
import { type ErrorCode, isHeddleError, offerDigest, readOffer, signOffer } from './index.ts'

const { keyOf, offer, overTheWire, parties } = fixture
const signed = signOffer(offer, parties.provider)
const before = offer.expires * 1000 - 1
const throws = (json: unknown, now: number, code: ErrorCode): void =>
  assert.throws(
    () => readOffer(json, now),
    error => isHeddleError(error, code),
  )

test('an offer that its provider signed is read as it was signed', () => {
  assert.deepEqual(readOffer(overTheWire(signed), before), signed)
  assert.equal(offerDigest(overTheWire(offer)), offerDigest(offer))
})

test('an offer ends with the second that it names', () => {
  throws(signed, before + 1, 'offer_expired')
  throws(signed, Number.MAX_SAFE_INTEGER, 'offer_expired')
})

test('an offer that differs from the signed one in any place is refused', () => {
  for (const { path, value } of mutationsOf(signed as unknown as Json)) {
    assert.throws(
      () => readOffer(overTheWire(value), before),
      error => isHeddleError(error, 'offer_invalid'),
      path,
    )
  }
})

test('an offer that another key signed in the name of a provider is refused', () => {
  throws(signOffer(offer, keyOf(9)), before, 'offer_invalid')
  throws(
    { ...signed, signature: signOffer({ ...offer, chainId: 1 }, parties.provider).signature },
    before,
    'offer_invalid',
  )
})

test('a forged offer is invalid before it is expired: the time of a forgery says nothing', () => {
  throws(signOffer({ ...offer, expires: 1 }, keyOf(9)), before, 'offer_invalid')
})

test('whatever is not an offer is refused, never crashed on', () => {
  fc.assert(fc.property(fc.oneof(fc.anything(), fc.jsonValue()), value => throws(value, 0, 'offer_invalid')))
})

test('fields out of bounds are refused even when the provider signed them', () => {
  for (const wrong of [
    { withdrawDelay: 899 },
    { withdrawDelay: 2_592_001 },
    { exposure: '-1' },
    { prices: { prompt: '1.5' } },
    { endpoint: 'not an address' },
    { provider: parties.provider.address.toUpperCase() },
    { chainId: 0 },
    { version: 'heddle/2' },
  ]) {
    throws(signOffer({ ...offer, ...wrong } as typeof offer, parties.provider), before, 'offer_invalid')
  }
})
