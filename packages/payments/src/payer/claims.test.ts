import assert from 'node:assert/strict'
import { test } from 'node:test'
import { put, type Row } from '@heddle/ledger'
import { canonical, type SignedReceipt } from '@heddle/protocol'
import { fixture } from '@heddle/testing'
import fc from 'fast-check'
import { openLedgers, rowIn, setup, signedOf, unique } from '../testing/parties.ts'
import { readClaims } from './claims.ts'

const { receiptOf } = fixture

test('a claim is told between the receipts around it, as a look at all of them would find these', async t => {
  const { paying, id } = await setup(t)
  const channel = await rowIn(paying, id)
  const story = fc.record({
    charges: fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 12 }),
    totals: fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 4 }),
  })
  await fc.assert(
    fc.asyncProperty(story, async ({ charges, totals }) => {
      let charged = 0
      const receipts = charges.map((charge, i): SignedReceipt => {
        charged += charge
        const numbers = { sequence: `${i + 1}`, charge: `${charge}`, charged: `${charged}` }
        return signedOf(receiptOf({ id: unique(), channel: id, ...numbers }))
      })
      const here = unique()
      const rows = receipts.map(
        (signed, i): Row<'receipts'> => ({
          id: signed.receipt.id,
          channel: here,
          sequence: i + 1,
          charge: BigInt(signed.receipt.charge),
          apiKey: null,
          signed: canonical(signed),
        }),
      )
      const events = totals.map((total, i) => claimed(here, i + 1, BigInt(total)))
      const paid = { ...channel, id: here, sequence: receipts.length }
      await paying.commit({ cut: 'events', from: 0 }, put('channels', paid), ...rows.map(row => put('receipts', row)))
      await paying.commit(...events.map(row => put('events', row)))
      const { claims } = await readClaims(paying, { after: 0, channel: here })
      assert.deepEqual(
        claims.map(({ total, below, reached }) => [total, below?.receipt.id, reached?.receipt.id]),
        totals.map(total => {
          const has = ({ receipt }: SignedReceipt): boolean => Number(receipt.charged) >= total
          return [BigInt(total), receipts.findLast(one => !has(one))?.receipt.id, receipts.find(has)?.receipt.id]
        }),
      )
    }),
    { numRuns: 40 },
  )
})

const claimed = (subject: string, block: number, total: bigint, position = 0): Row<'events'> => ({
  block,
  position,
  transaction: unique(),
  name: 'Claimed',
  subject,
  amount: total,
  total,
})

test('page by page every claim is told once, also where a block holds more than a page', async t => {
  const { paying, id } = await setup(t)
  const blocks = [...Array.from({ length: 95 }, (_, i) => i + 1), ...Array.from({ length: 130 }, () => 96), 97, 98]
  const rows = blocks.map((block, i) => claimed(id, block, BigInt(i), i))
  await paying.commit(...rows.map(row => put('events', row)))
  const told: string[] = []
  for (let after = -1; ; ) {
    const { claims, next } = await readClaims(paying, { after })
    told.push(...claims.map(({ transaction }) => transaction))
    if (next === after) break
    after = next
  }
  assert.deepEqual(told.toSorted(), rows.map(({ transaction }) => transaction as string).sort())
})

test('other events, and claims on channels that are not paid from here, are not told', async t => {
  const { paying } = await openLedgers(t)
  await paying.commit(
    put('events', claimed(unique(), 1, 5n)),
    put('events', { ...claimed(unique(), 2, 5n), name: 'Deposited' }),
  )
  assert.deepEqual((await readClaims(paying, { after: -1 })).claims, [])
})
