import { fixture } from '@heddle/testing'
import { type Definitions, define } from '@heddle/testing/vectors'
import {
  type Channel,
  canonical,
  channelId,
  claimBatchDigest,
  type Domain,
  depositDigest,
  depositNonce,
  digestOfJson,
  fromHex,
  type Hex,
  type JobRequest,
  jobId,
  merklePath,
  merkleRoot,
  type Offer,
  offerDigest,
  type Receipt,
  requestDigest,
  type StatementKind,
  seedOf,
  signDeposit,
  signerOf,
  signJob,
  signOffer,
  signReceipts,
  signStatement,
  signVoucher,
  statementDigest,
  type TokenDomain,
  toHex,
  voucherDigest,
} from '../src/index.ts'
import { computePacked, type PackedCase, packedCases } from './packed.ts'
import { computeText, type TextCase, textCases } from './texts.ts'

const { addressOf, channel, domain, job, offer, receiptOf, wordOf } = fixture
const key = (byte: number): Hex => wordOf(byte)
const signer = (secret: Hex) => signerOf(fromHex(secret))
const mainnet: Domain = { chainId: 8453, settlement: domain.settlement }
const largest = ((1n << 128n) - 1n).toString()

const X402 =
  'x402 specification, scheme batch-settlement on EVM: EIP-712 domain {x402 Batch Settlement, 1, chainId, contract}'
const HEDDLE =
  'docs/adr and packages/protocol: EIP-712 Statement(string kind,bytes32 digest), domain {Heddle, 1, chainId, settlement}'

type Claim = { channel: Hex; ceiling: string; total: string }
const claim = (byte: number, ceiling: string, total: string): Claim => ({ channel: wordOf(byte), ceiling, total })

export const definitions: Definitions = {
  'channel-id': define({
    source: `${X402}; ChannelConfig`,
    inputs: [domain, mainnet].flatMap(where => [
      { domain: where, channel },
      { domain: where, channel: { ...channel, withdrawDelay: 2_592_000, salt: wordOf(0xff) } },
    ]),
    compute: (input: { domain: Domain; channel: Channel }) => ({ id: channelId(input.domain, input.channel) }),
  }),
  voucher: define({
    source: `${X402}; Voucher(bytes32 channelId,uint128 maxClaimableAmount)`,
    inputs: [domain, mainnet].flatMap(where =>
      ['0', '1', '1000000000000000000', largest].map(ceiling => ({
        domain: where,
        channel: wordOf(0x11),
        ceiling,
        secret: key(3),
      })),
    ),
    compute: (input: { domain: Domain; channel: Hex; ceiling: string; secret: Hex }) => ({
      hash: toHex(voucherDigest(input.domain, input.channel, BigInt(input.ceiling))),
      signer: signer(input.secret).address,
      voucher: signVoucher(input.domain, input.channel, BigInt(input.ceiling), signer(input.secret)),
    }),
  }),
  'claim-batch': define({
    source: `${X402}; ClaimBatch(ClaimEntry[] claims)`,
    inputs: [
      { domain, claims: [], secret: key(4) },
      { domain, claims: [claim(0x11, '1000', '53')], secret: key(4) },
      { domain: mainnet, claims: [claim(0x11, '1000', '53'), claim(0x12, largest, '0')], secret: key(4) },
    ],
    compute: (input: { domain: Domain; claims: Claim[]; secret: Hex }) => {
      const claims = input.claims.map(one => ({ ...one, ceiling: BigInt(one.ceiling), total: BigInt(one.total) }))
      const hash = claimBatchDigest(input.domain, claims)
      return { hash: toHex(hash), signer: signer(input.secret).address, signature: signer(input.secret).sign(hash) }
    },
  }),
  deposit: define({
    source:
      'EIP-3009 ReceiveWithAuthorization; nonce keccak256(abi.encode(channelId, salt)) as in x402 batch-settlement',
    inputs: ['1', '600000000000000000000'].map(amount => ({
      token: { name: 'Heddle', version: '1', chainId: domain.chainId, token: addressOf(0xaa) },
      channel: wordOf(0x11),
      terms: { amount, validBefore: 1_900_000_000, salt: wordOf(0x33) },
      secret: key(2),
    })),
    compute: (input: {
      token: TokenDomain
      channel: Hex
      terms: { amount: string; validBefore: number; salt: Hex }
      secret: Hex
    }) => {
      const deposit = signDeposit(input.token, input.channel, input.terms, signer(input.secret))
      return {
        nonce: depositNonce(input.channel, input.terms.salt),
        hash: toHex(depositDigest(input.token, input.channel, deposit)),
        deposit,
      }
    },
  }),
  statement: define({
    source: HEDDLE,
    inputs: (['offer', 'job', 'receipts', 'grant', 'link'] as const).map(kind => ({
      domain,
      kind,
      digest: wordOf(0x44),
      secret: key(1),
    })),
    compute: (input: { domain: Domain; kind: StatementKind; digest: Hex; secret: Hex }) => ({
      hash: toHex(statementDigest(input.domain, input.kind, input.digest)),
      signer: signer(input.secret).address,
      signature: signStatement(input.domain, input.kind, input.digest, signer(input.secret)),
    }),
  }),
  job: define({
    source: `${HEDDLE}; id: sha256 of RFC 8785; seed: sha256("heddle/1 seed" ‖ request ‖ nonce)`,
    inputs: [
      { domain, job, secret: key(3) },
      { domain, job: { ...job, spec: { z: 1, a: '€ "\\', n: [0.1, 1e21, -0] }, nonce: wordOf(0xff) }, secret: key(3) },
    ],
    compute: (input: { domain: Domain; job: JobRequest; secret: Hex }) => {
      const request = requestDigest(input.job.spec)
      return {
        canonical: canonical(input.job),
        id: jobId(input.job),
        request,
        seed: seedOf(request, input.job.nonce),
        signed: signJob(input.domain, input.job, signer(input.secret)),
      }
    },
  }),
  offer: define({
    source: `${HEDDLE}; digest: sha256 of RFC 8785`,
    inputs: [{ offer, secret: key(1) }],
    compute: (input: { offer: Offer; secret: Hex }) => ({
      canonical: canonical(input.offer),
      digest: offerDigest(input.offer),
      signed: signOffer(input.offer, signer(input.secret)),
    }),
  }),
  receipt: define({
    source: `${HEDDLE}; head: the root of RFC 6962 §2.1 over RFC 8785, of a batch the digest of {root, size}`,
    inputs: [1, 2, 5].map(size => ({
      receipts: Array.from({ length: size }, (_, i) =>
        receiptOf(i === 0 ? {} : { id: wordOf(i), sequence: String(i + 1), charged: String(53 * (i + 1)) }),
      ),
      secret: key(1),
    })),
    compute: (input: { receipts: Receipt[]; secret: Hex }) => {
      const root = merkleRoot(input.receipts.map(receipt => new TextEncoder().encode(canonical(receipt))))
      const size = input.receipts.length
      const head = size === 1 ? root : digestOfJson({ root, size })
      return { root, head, signed: signReceipts(input.receipts, signer(input.secret)) }
    },
  }),
  packed: define({
    source: 'docs/receipts.md, The packed form; of signed receipts as in receipt.json',
    inputs: packedCases(),
    compute: (input: PackedCase) => computePacked(input),
  }),
  merkle: define({
    source: "RFC 6962 §2.1; the leaves of Certificate Transparency's reference tree",
    inputs: Array.from({ length: 8 }, (_, i) => ({
      leaves: ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
        .slice(0, i + 1)
        .map(hex => `0x${hex}`),
    })),
    compute: (input: { leaves: string[] }) => {
      const leaves = input.leaves.map(fromHex)
      return { root: merkleRoot(leaves), paths: leaves.map((_, index) => merklePath(leaves, index)) }
    },
  }),
  texts: define({
    source: 'docs/receipts.md, Lengths; RFC 8785; the schemas of receipts and offers',
    inputs: textCases(),
    compute: (input: TextCase) => computeText(input),
  }),
}
