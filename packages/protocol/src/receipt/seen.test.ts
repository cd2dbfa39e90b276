import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixture } from '@heddle/testing'
import { checkSeen, isHeddleError, type Receipt } from '../index.ts'

const { receiptOf, wordOf } = fixture
const known = { block: 100, totalClaimed: 900n }
const naming = (charged: bigint, block: number | null): Receipt =>
  receiptOf({ charged: `${charged}`, seen: block === null ? null : { block, hash: wordOf(1) } })
const isRefused = (error: unknown): boolean => isHeddleError(error, 'receipt_mismatch')

test('a receipt that charges less than was known to be claimed names a block with the claim, or is refused', () => {
  for (const block of [null, 0, 99]) assert.throws(() => checkSeen(naming(899n, block), known), isRefused)
  for (const block of [100, 101]) checkSeen(naming(899n, block), known)
})

test('what charges as much as was claimed may name any block, or none', () => {
  for (const block of [null, 0, 99, 100]) for (const more of [0n, 1n]) checkSeen(naming(900n + more, block), known)
})

test('where no claim was known before it was asked, nothing is refused', () => {
  for (const block of [null, 0, 100]) checkSeen(naming(0n, block), undefined)
})
