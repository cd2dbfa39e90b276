import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHeddleError, SETTLEMENT_ADDRESS } from '@heddle/protocol'
import { requireChain } from './book.ts'

const asset = `0x${'aa'.repeat(20)}` as const
const here = { chainId: 1, settlement: SETTLEMENT_ADDRESS }

test('an offer for another chain or contract is told apart by name, before anything is signed for it', () => {
  requireChain({ ...here, asset }, here)
  const refused = (offer: Parameters<typeof requireChain>[0], says: RegExp) =>
    assert.throws(
      () => requireChain(offer, here),
      error => isHeddleError(error, 'chain_other') && says.test(error.message),
    )
  refused({ ...here, chainId: 2, asset }, /another chain: it sells on 2 for 0xa+, this house pays on 1$/)
  refused({ ...here, settlement: asset, asset }, /another contract: it settles at 0xa+, this at/)
})
