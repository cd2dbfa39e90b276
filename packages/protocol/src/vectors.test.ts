import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { committed, testVectors } from '@heddle/testing/vectors'
import { definitions } from '../vectors/definitions.ts'
import { type Hex, isHeddleError, readOffer, type SignedReceipt, verifyReceipt } from './index.ts'

const directory = join(import.meta.dirname, '../vectors')
testVectors(directory, definitions)

test('the committed receipts and offers are accepted by those who read them', () => {
  for (const { output } of committed<{ signed: SignedReceipt[] }>(directory, 'receipt').cases) {
    for (const signed of output.signed) {
      assert.deepEqual(verifyReceipt(signed, signed.receipt.provider), signed)
      const another: Hex = `0x${'12'.repeat(20)}`
      assert.throws(
        () => verifyReceipt(signed, another),
        error => isHeddleError(error, 'receipt_signer'),
      )
    }
  }
  for (const { output } of committed<{ signed: unknown }>(directory, 'offer').cases) readOffer(output.signed, 0)
})
