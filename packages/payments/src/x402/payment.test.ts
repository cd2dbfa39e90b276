import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Channel,
  channelId,
  isHeddleError,
  recoverDeposit,
  recoverVoucher,
  signDeposit,
  signVoucher,
} from '@heddle/protocol'
import { fixture, type Json, mutationsOf } from '@heddle/testing'
import fc from 'fast-check'
import { accepts, type Payment, readPayment } from './payment.ts'
import { correct, termsOf } from './terms.ts'

const { addressOf, channel, domain, offer, parties, wordOf } = fixture
const token = { name: 'Heddle', version: '1', chainId: domain.chainId, token: offer.asset }
const terms = termsOf(offer, 500n, token)
const id = channelId(domain, channel)
const voucher = signVoucher(domain, id, 500n, parties.authorizer)
const deposit = signDeposit(token, id, { amount: '5000', validBefore: 2_000_000_000, salt: wordOf(7) }, parties.payer)

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64')
const upper = (text: string): string => `0x${text.slice(2).toUpperCase()}`

/** A payment as x402's client writes it: addresses in mixed case. */
const sent = {
  x402Version: 2,
  accepted: terms.batch,
  payload: {
    type: 'deposit',
    channelConfig: { ...channel, payer: upper(channel.payer), token: upper(channel.token) } as Channel,
    voucher: { channelId: id, maxClaimableAmount: '500', signature: voucher.signature },
    deposit: {
      amount: '5000',
      authorization: {
        erc3009Authorization: {
          validAfter: '0',
          validBefore: '2000000000',
          salt: wordOf(7),
          signature: deposit.signature,
        },
      },
    },
  },
}
const read = (value: unknown): Extract<Payment, { scheme: 'batch-settlement' }> => {
  const payment = readPayment(encode(value))
  assert.ok(payment.scheme === 'batch-settlement')
  return payment
}

test("a payment is read in Heddle's own words, whatever case its addresses have", () => {
  const payment = read(sent)
  assert.deepEqual(payment.channel, channel)
  assert.equal(recoverVoucher(domain, payment.voucher), parties.authorizer.address)
  assert.deepEqual(payment.deposit, deposit)
  assert.equal(recoverDeposit(token, id, payment.deposit!), channel.payer)
})

test('what is no payment is refused with one code, whatever it is', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json().map(text => Buffer.from(text).toString('base64')),
      ),
      header => {
        assert.throws(
          () => readPayment(header),
          error => isHeddleError(error, 'payment_refused'),
        )
      },
    ),
  )
})

test('a payment of which anything was changed is refused, or says something else; only the envelope may hold more', () => {
  const before = read(sent)
  for (const { path, value } of mutationsOf(sent as unknown as Json)) {
    try {
      const { payload: _, ...payment } = readPayment(encode(value))
      const { payload: __, ...same } = before
      const isSame = JSON.stringify(payment) === JSON.stringify(same)
      // The case of hex digits means nothing.
      const written = JSON.stringify(value).toLowerCase() === JSON.stringify(sent).toLowerCase()
      assert.ok(!isSame || written || path.startsWith('$ with '), path)
    } catch (error) {
      assert.ok(isHeddleError(error, 'payment_refused'), `${path}: ${String(error)}`)
    }
  }
})

test('terms are accepted as they are, with the state of the channel beside them or not, and in no other form', () => {
  assert.ok(accepts(terms.batch, structuredClone(terms.batch)))
  const state = { channel: id, balance: 5n, claimed: 0n, charged: 3n, voucher }
  assert.ok(accepts(terms.batch, correct(terms.batch, state)))
  for (const change of [
    { amount: '499' },
    { payTo: addressOf(9) },
    { asset: addressOf(9) },
    { network: 'eip155:1' as const },
    { scheme: 'exact' },
    { maxTimeoutSeconds: 1 },
    { extra: { ...terms.batch.extra, withdrawDelay: 900 } },
    { extra: { ...terms.batch.extra, more: 1 } },
  ]) {
    assert.ok(!accepts(terms.batch, { ...terms.batch, ...change }), JSON.stringify(change))
  }
})

test('the least deposit is ten requests, and never less than the offer asks', () => {
  assert.equal(terms.batch.extra['minDeposit'], '5000')
  assert.equal(termsOf({ ...offer, minDeposit: '9999' }, 500n, token).batch.extra['minDeposit'], '9999')
})
