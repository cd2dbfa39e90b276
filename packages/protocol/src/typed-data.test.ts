import assert from 'node:assert/strict'
import { test } from 'node:test'
import { arbitrary } from '@heddle/testing'
import fc from 'fast-check'
import { encodeAbiParameters, hashTypedData, keccak256, recoverAddress as recoverWithViem, stringToHex } from 'viem'
import {
  channelId,
  claimBatchDigest,
  DEPOSIT_COLLECTOR_ADDRESS,
  type Domain,
  depositDigest,
  depositNonce,
  recoverAddress,
  recoverDeposit,
  recoverStatement,
  recoverVoucher,
  refundDigest,
  SETTLEMENT_ADDRESS,
  type StatementKind,
  signDeposit,
  signStatement,
  signVoucher,
  statementDigest,
  toHex,
  voucherDigest,
} from './index.ts'
import { domainSeparator, wordOfHex, wordOfNumber } from './typed-data.ts'

const rail = ({ chainId, settlement }: Domain) => ({
  name: 'x402 Batch Settlement',
  version: '1',
  chainId,
  verifyingContract: settlement,
})

const field = (name: string, type: string) => ({ name, type })

test('a channel id is the EIP-712 hash of its config, as viem computes it', () => {
  const types = {
    ChannelConfig: [
      field('payer', 'address'),
      field('payerAuthorizer', 'address'),
      field('receiver', 'address'),
      field('receiverAuthorizer', 'address'),
      field('token', 'address'),
      field('withdrawDelay', 'uint40'),
      field('salt', 'bytes32'),
    ],
  }
  fc.assert(
    fc.property(arbitrary.domain, arbitrary.channel, (domain, channel) => {
      const expected = hashTypedData({ domain: rail(domain), types, primaryType: 'ChannelConfig', message: channel })
      assert.equal(channelId(domain, channel), expected)
    }),
  )
})

test('a voucher is hashed as viem hashes it', () => {
  const types = { Voucher: [field('channelId', 'bytes32'), field('maxClaimableAmount', 'uint128')] }
  fc.assert(
    fc.property(arbitrary.domain, arbitrary.digest, arbitrary.uint128, (domain, channel, ceiling) => {
      const message = { channelId: channel, maxClaimableAmount: ceiling }
      const expected = hashTypedData({ domain: rail(domain), types, primaryType: 'Voucher', message })
      assert.equal(toHex(voucherDigest(domain, channel, ceiling)), expected)
    }),
  )
})

test('a refund is hashed as viem hashes it', () => {
  const types = { Refund: [field('channelId', 'bytes32'), field('nonce', 'uint256'), field('amount', 'uint128')] }
  const all = fc.tuple(arbitrary.domain, arbitrary.digest, arbitrary.uint256, arbitrary.uint128)
  fc.assert(
    fc.property(all, ([domain, channel, nonce, amount]) => {
      const message = { channelId: channel, nonce, amount }
      const expected = hashTypedData({ domain: rail(domain), types, primaryType: 'Refund', message })
      assert.equal(toHex(refundDigest(domain, channel, nonce, amount)), expected)
    }),
  )
})

test('a batch of claims, of any length and none, is hashed as viem hashes the nested array', () => {
  const types = {
    ClaimBatch: [field('claims', 'ClaimEntry[]')],
    ClaimEntry: [
      field('channelId', 'bytes32'),
      field('maxClaimableAmount', 'uint128'),
      field('totalClaimed', 'uint128'),
    ],
  }
  const claim = fc.record({ channel: arbitrary.digest, ceiling: arbitrary.uint128, total: arbitrary.uint128 })
  fc.assert(
    fc.property(arbitrary.domain, fc.array(claim, { maxLength: 5 }), (domain, claims) => {
      const message = {
        claims: claims.map(({ channel, ceiling, total }) => ({
          channelId: channel,
          maxClaimableAmount: ceiling,
          totalClaimed: total,
        })),
      }
      const expected = hashTypedData({ domain: rail(domain), types, primaryType: 'ClaimBatch', message })
      assert.equal(toHex(claimBatchDigest(domain, claims)), expected)
    }),
  )
})

const token = fc.record({
  name: fc.string({ unit: 'grapheme', maxLength: 20 }),
  version: fc.string({ maxLength: 5 }),
  chainId: arbitrary.chainId,
  token: arbitrary.address,
})
const terms = fc.record({
  amount: arbitrary.uint128.map(String),
  validBefore: fc.integer({ min: 1, max: 2 ** 40 }),
  salt: arbitrary.digest,
})

test("a deposit is hashed as viem hashes EIP-3009's ReceiveWithAuthorization, its nonce bound to the channel", () => {
  const types = {
    ReceiveWithAuthorization: [
      field('from', 'address'),
      field('to', 'address'),
      field('value', 'uint256'),
      field('validAfter', 'uint256'),
      field('validBefore', 'uint256'),
      field('nonce', 'bytes32'),
    ],
  }
  fc.assert(
    fc.property(token, arbitrary.digest, arbitrary.address, terms, (domain, channel, payer, { amount, ...rest }) => {
      const nonce = keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }], [channel, rest.salt]))
      assert.equal(depositNonce(channel, rest.salt), nonce)
      const { name, version, chainId } = domain
      const expected = hashTypedData({
        domain: { name, version, chainId, verifyingContract: domain.token },
        types,
        primaryType: 'ReceiveWithAuthorization',
        message: {
          from: payer,
          to: DEPOSIT_COLLECTOR_ADDRESS,
          value: BigInt(amount),
          validAfter: 0n,
          validBefore: BigInt(rest.validBefore),
          nonce,
        },
      })
      assert.equal(toHex(depositDigest(domain, channel, { payer, amount, ...rest })), expected)
    }),
  )
})

test('a statement is hashed as viem hashes it', () => {
  const types = { Statement: [field('kind', 'string'), field('digest', 'bytes32')] }
  const kinds: StatementKind[] = ['offer', 'job', 'receipts', 'grant', 'link']
  fc.assert(
    fc.property(arbitrary.domain, fc.constantFrom(...kinds), arbitrary.digest, (domain, kind, digest) => {
      const own = { name: 'Heddle', version: '1', chainId: domain.chainId, verifyingContract: domain.settlement }
      const expected = hashTypedData({ domain: own, types, primaryType: 'Statement', message: { kind, digest } })
      assert.equal(toHex(statementDigest(domain, kind, digest)), expected)
    }),
  )
})

test('what is signed here is recovered by viem, and by its own recover', async () => {
  await fc.assert(
    fc.asyncProperty(arbitrary.signer, arbitrary.bytes32, async (signer, digest) => {
      const signature = signer.sign(digest)
      assert.equal(recoverAddress(digest, signature), signer.address)
      assert.equal((await recoverWithViem({ hash: digest, signature })).toLowerCase(), signer.address)
    }),
    { numRuns: 20 },
  )
})

test('a signature counts for one domain, one channel, one amount and one kind of statement', () => {
  const one = { chainId: 1, settlement: SETTLEMENT_ADDRESS }
  const other = { chainId: 2, settlement: SETTLEMENT_ADDRESS }
  const elsewhere = { chainId: 1, settlement: DEPOSIT_COLLECTOR_ADDRESS }
  fc.assert(
    fc.property(arbitrary.signer, arbitrary.digest, arbitrary.digest, arbitrary.uint128, (signer, a, b, amount) => {
      fc.pre(a !== b)
      const voucher = signVoucher(one, a, amount, signer)
      assert.equal(recoverVoucher(one, voucher), signer.address)
      assert.notEqual(recoverVoucher(other, voucher), signer.address)
      assert.notEqual(recoverVoucher(elsewhere, voucher), signer.address)
      assert.notEqual(recoverVoucher(one, { ...voucher, channel: b }), signer.address)
      assert.notEqual(recoverVoucher(one, { ...voucher, ceiling: String(amount + 1n) }), signer.address)
      const statement = signStatement(one, 'offer', a, signer)
      assert.equal(recoverStatement(one, 'offer', a, statement), signer.address)
      assert.notEqual(recoverStatement(one, 'receipts', a, statement), signer.address)
      assert.notEqual(recoverStatement(one, 'offer', b, statement), signer.address)
      assert.notEqual(recoverStatement(other, 'offer', a, statement), signer.address)
    }),
    { numRuns: 30 },
  )
})

test('a deposit is recovered to its payer, and to nobody else when any term changes', () => {
  fc.assert(
    fc.property(token, arbitrary.digest, terms, arbitrary.signer, (domain, channel, deposit, payer) => {
      const signed = signDeposit(domain, channel, deposit, payer)
      assert.equal(recoverDeposit(domain, channel, signed), payer.address)
      const amount = String(BigInt(signed.amount) + 1n)
      assert.notEqual(recoverDeposit(domain, channel, { ...signed, amount }), payer.address)
      assert.notEqual(recoverDeposit({ ...domain, chainId: domain.chainId - 1 }, channel, signed), payer.address)
    }),
    { numRuns: 30 },
  )
})

test('a word holds 0 to 2^256 - 1, and nothing else', () => {
  fc.assert(
    fc.property(arbitrary.uint256, value => {
      assert.equal(BigInt(toHex(wordOfNumber(value))), value)
      assert.equal(wordOfNumber(value).length, 32)
    }),
  )
  assert.throws(() => wordOfNumber(1n << 256n), RangeError)
  assert.throws(() => wordOfNumber(-1n), RangeError)
  assert.throws(() => wordOfHex(`0x${'00'.repeat(33)}`), RangeError)
})

test('two domains never share a separator, whatever their names hold', () => {
  const verifyingContract = SETTLEMENT_ADDRESS
  const text = (value: string) => keccak256(stringToHex(value))
  const type = text('EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)')
  const words = ['bytes32', 'bytes32', 'bytes32', 'uint256', 'address'].map(kind => ({ type: kind }))
  const expected = (name: string, version: string) =>
    keccak256(encodeAbiParameters(words, [type, text(name), text(version), 1n, verifyingContract]))
  for (const [name, version] of [
    ['a|b', 'c'],
    ['a', 'b|c'],
    ['', '|'],
    ['|', ''],
  ] as const) {
    assert.equal(toHex(domainSeparator(name, version, 1, verifyingContract)), expected(name, version))
  }
})
