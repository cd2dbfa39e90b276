import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ErrorCode, isHeddleError, type SignedOffer, signOffer } from '@heddle/protocol'
import { fixture } from '@heddle/testing'
import { OfferReader } from './offer-reader.ts'

const { offer, parties, keyOf, overTheWire } = fixture
const before = offer.expires * 1_000 - 1
const priced = (price: number): SignedOffer =>
  signOffer({ ...offer, prices: { ...offer.prices, completion: String(price) } }, parties.provider)
const is = (code: ErrorCode) => (error: unknown) => isHeddleError(error, code)

test('offers are read in their order, and one that stands there twice is one', async () => {
  const [cheap, dear] = [priced(1), priced(2)]
  const list = overTheWire([dear, cheap, dear, dear])
  assert.deepEqual(await new OfferReader(10).read(list, before), [dear, cheap])
})

test('a signature is looked at once: what was read is known the next time, until its time is over', async () => {
  const reader = new OfferReader(10)
  const list = overTheWire([priced(1)])
  const [first] = await reader.read(list, before)
  const [second] = await reader.read(overTheWire(list), before)
  assert.equal(second, first, 'the very same one')
  await assert.rejects(reader.read(list, before + 1), is('offer_expired'))
})

test('what is no list, is longer than it may be, or holds a forgery, is refused as a whole', async () => {
  const reader = new OfferReader(3)
  const good = priced(1)
  const forged = signOffer(offer, keyOf(9))
  for (const list of [undefined, null, 'offers', {}, 7, [good, good, good, good], [good, forged], [good, 1], [null]])
    await assert.rejects(reader.read(overTheWire({ list }).list, before), is('offer_invalid'))
  assert.deepEqual(await reader.read(overTheWire([good]), before), [good])
})

test('a long list keeps nobody waiting until its end', async () => {
  const offers = Array.from({ length: 60 }, (_, i) => priced(i + 1))
  let done = false
  const reading = new OfferReader(1_000).read(overTheWire(offers), before).then(read => {
    done = true
    return read
  })
  // Others have their turn while it is read: the event loop comes round before it is over.
  let turns = 0
  while (!done) {
    await new Promise(resolve => setImmediate(resolve))
    turns += 1
  }
  assert.equal((await reading).length, 60)
  assert.ok(turns > 1, `${turns} turns`)
})
