import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Row } from '@heddle/ledger'
import { canonical, isHeddleError, type Receipt } from '@heddle/protocol'
import { fixture } from '@heddle/testing'
import fc from 'fast-check'
import { type Account, advance, chargedOf, exposureOf, neededCeiling, newAccount } from './account.ts'

const { channel, receiptOf, wordOf } = fixture
const CEILING = 1_000_000n

const rowOf = (changes: Partial<Row<'channels'>> = {}): Row<'channels'> => ({
  id: wordOf(1),
  side: 'paying',
  config: canonical(channel),
  counterparty: wordOf(2),
  ceiling: CEILING,
  signature: '',
  charged: 0n,
  sequence: 0,
  deposit: null,
  ...changes,
})

/** A provider's receipts for these charges, in its order. */
function receiptsOf(charges: readonly number[]): Receipt[] {
  let charged = 0
  return charges.map((charge, i) => {
    charged += charge
    return receiptOf({ id: wordOf(i + 1), sequence: `${i + 1}`, charge: `${charge}`, charged: `${charged}` })
  })
}

const stored = (receipt: Receipt): Row<'receipts'> => ({
  id: receipt.id,
  channel: receipt.channel,
  sequence: Number(receipt.sequence),
  charge: BigInt(receipt.charge),
  apiKey: null,
  signed: canonical({ receipt }),
})

const mismatch = (error: unknown): boolean => isHeddleError(error, 'receipt_mismatch')
const sum = (receipts: readonly Receipt[]): bigint => receipts.reduce((total, { charge }) => total + BigInt(charge), 0n)

const charges = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 12 })
/** Receipts as they were made, and in an order in which they may arrive. */
const arrival = charges.chain(amounts => {
  const receipts = receiptsOf(amounts)
  return fc
    .shuffledSubarray(receipts, { minLength: receipts.length })
    .map(shuffled => ({ receipts, shuffled: shuffled as Receipt[] }))
})

/** The highest sequence up to which all of these are there. */
const unbroken = (receipts: readonly Receipt[]): number => {
  const there = new Set(receipts.map(({ sequence }) => Number(sequence)))
  let at = 0
  while (there.has(at + 1)) at += 1
  return at
}

test('receipts in any order: what came is charged, and the channel counts up to the first gap', () => {
  fc.assert(
    fc.property(arrival, ({ receipts, shuffled }) => {
      const account = newAccount(rowOf(), [])
      for (const [i, receipt] of shuffled.entries()) {
        advance(account, receipt)
        const came = shuffled.slice(0, i + 1)
        assert.equal(chargedOf(account), sum(came))
        assert.equal(account.row.sequence, unbroken(came))
        assert.equal(account.row.charged, sum(receipts.slice(0, unbroken(came))))
        assert.equal(account.ahead.size, came.length - unbroken(came))
      }
      assert.equal(account.row.sequence, receipts.length)
    }),
  )
})

test('an account read back from its rows, at any moment, is the account that was written', () => {
  fc.assert(
    fc.property(arrival, fc.nat(12), ({ shuffled }, at) => {
      const account = newAccount(rowOf(), [])
      const came = shuffled.slice(0, at)
      for (const receipt of came) advance(account, receipt)
      const back = newAccount(account.row, came.map(stored))
      assert.deepEqual(back, account)
    }),
  )
})

const plain = ({ row, ahead }: Account) => structuredClone({ row, ahead })

test('a receipt that contradicts what is known is a mismatch, and changes nothing', () => {
  const wrong = fc.constantFrom('charge', 'charged', 'sequence', 'ceiling', 'far')
  fc.assert(
    fc.property(arrival, fc.nat(11), fc.integer({ min: 1, max: 50 }), wrong, ({ receipts, shuffled }, at, by, kind) => {
      const account = newAccount(rowOf(), [])
      const last = shuffled.at(-1)!
      for (const receipt of shuffled.slice(0, -1)) advance(account, receipt)
      const before = plain(account)
      const bad: Receipt = {
        ...last,
        ...(kind === 'charge' ? { charge: `${BigInt(last.charge) + BigInt(by)}` } : {}),
        ...(kind === 'charged' ? { charged: `${BigInt(last.charged) + BigInt(by)}` } : {}),
        ...(kind === 'ceiling' ? { charged: `${CEILING + BigInt(by)}` } : {}),
        ...(kind === 'far' ? { sequence: '999999999999999999' } : {}),
        ...(kind === 'sequence' ? { sequence: receipts[at % receipts.length]!.sequence } : {}),
      }
      fc.pre(bad.sequence !== last.sequence || kind !== 'sequence')
      assert.throws(() => advance(account, bad), mismatch)
      assert.deepEqual(plain(account), before)
      advance(account, last)
      assert.equal(account.row.charged, sum(receipts))
    }),
  )
})

test('a lie of an early receipt is found when the gap before it closes', () => {
  const [first, second] = receiptsOf([10, 20]) as [Receipt, Receipt]
  const account = newAccount(rowOf(), [])
  advance(account, { ...second, charged: '31' })
  assert.throws(() => advance(account, first), mismatch)
})

test('exposure counts what was charged and delivered; the needed ceiling adds every next chunk', () => {
  const amount = fc.bigInt({ min: 0n, max: 10n ** 30n })
  const taken = fc.array(fc.record({ delivered: amount, next: amount }), { maxLength: 8 })
  fc.assert(
    fc.property(charges, taken, (amounts, jobs) => {
      const account = newAccount(rowOf(), [])
      const receipts = receiptsOf(amounts)
      for (const receipt of receipts) advance(account, receipt)
      for (const [i, job] of jobs.entries()) account.taken.set(wordOf(i), job)
      const delivered = jobs.reduce((total, job) => total + job.delivered, 0n)
      const next = jobs.reduce((total, job) => total + job.next, 0n)
      assert.equal(exposureOf(account), sum(receipts) + delivered)
      assert.equal(neededCeiling(account), sum(receipts) + delivered + next)
    }),
  )
})
