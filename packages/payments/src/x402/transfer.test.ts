import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixture } from '@heddle/testing'
import fc from 'fast-check'
import { privateKeyToAccount } from 'viem/accounts'
import { type Authorization, recoverTransfer, transferChannel, transferNonce, voucherNonce } from './transfer.ts'

const { addressOf, domain, offer, wordOf } = fixture
const account = privateKeyToAccount(wordOf(5))
const token = { name: 'Heddle', version: '1', chainId: domain.chainId, token: offer.asset }
const authorization: Authorization = {
  from: account.address.toLowerCase() as `0x${string}`,
  nonce: wordOf(1),
  to: addressOf(2),
  validAfter: '0',
  validBefore: '2000000000',
  value: '500',
}
const sign = ({ from, to, nonce, ...times }: Authorization) =>
  account.signTypedData({
    domain: { name: token.name, version: token.version, chainId: token.chainId, verifyingContract: token.token },
    types: {
      TransferWithAuthorization: [
        { name: 'from', type: 'address' },
        { name: 'to', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'validAfter', type: 'uint256' },
        { name: 'validBefore', type: 'uint256' },
        { name: 'nonce', type: 'bytes32' },
      ],
    },
    primaryType: 'TransferWithAuthorization',
    message: {
      from,
      to,
      nonce,
      value: BigInt(times.value),
      validAfter: BigInt(times.validAfter),
      validBefore: BigInt(times.validBefore),
    },
  })

test("a wallet's signature is its own, for this token, chain, amount, payee and time alone", async () => {
  const signature = await sign(authorization)
  assert.equal(recoverTransfer(token, authorization, signature), authorization.from)
  const others: [typeof token, Authorization][] = [
    [{ ...token, chainId: 1 }, authorization],
    [{ ...token, token: addressOf(9) }, authorization],
    [{ ...token, name: 'Other' }, authorization],
    [token, { ...authorization, value: '501' }],
    [token, { ...authorization, to: addressOf(3) }],
    [token, { ...authorization, nonce: wordOf(2) }],
    [token, { ...authorization, validAfter: '1' }],
    [token, { ...authorization, validBefore: '2000000001' }],
    [token, { ...authorization, from: addressOf(1) }],
  ]
  for (const [where, what] of others) assert.notEqual(recoverTransfer(where, what, signature), authorization.from)
})

test('one authorization is one channel, whatever else it says; two are two', () => {
  const words = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytes => `0x${Buffer.from(bytes).toString('hex')}`)
  const id = transferChannel(1, offer.asset, authorization)
  assert.equal(transferChannel(1, offer.asset, { ...authorization, value: '1', to: addressOf(7) } as never), id)
  fc.assert(
    fc.property(words, nonce => {
      const same = nonce === authorization.nonce
      assert.equal(transferChannel(1, offer.asset, { ...authorization, nonce: nonce as never }) === id, same)
    }),
  )
  assert.notEqual(transferChannel(2, offer.asset, authorization), id)
  assert.notEqual(transferChannel(1, addressOf(9), authorization), id)
  assert.notEqual(transferChannel(1, offer.asset, { ...authorization, from: addressOf(9) }), id)
})

test('the nonce of a job is bound to all that its payer signed', () => {
  const voucher = { channel: wordOf(1), ceiling: '5', signature: `0x${'11'.repeat(65)}` as const }
  const nonces = [
    voucherNonce(voucher),
    voucherNonce({ ...voucher, ceiling: '6' }),
    voucherNonce({ ...voucher, channel: wordOf(2) }),
    voucherNonce({ ...voucher, signature: `0x${'12'.repeat(65)}` }),
    transferNonce(authorization, voucher.signature),
    transferNonce({ ...authorization, value: '501' }, voucher.signature),
    transferNonce(authorization, `0x${'12'.repeat(65)}`),
  ]
  assert.equal(new Set(nonces).size, nonces.length)
})
