import { type Address, type Channel, type Domain, type Hex, type Signer, signerOf, toHex } from '@heddle/protocol'
import fc from 'fast-check'

export const bytes32: fc.Arbitrary<Uint8Array> = fc.uint8Array({ minLength: 32, maxLength: 32 })
export const digest: fc.Arbitrary<Hex> = bytes32.map(toHex)
export const address: fc.Arbitrary<Address> = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(toHex)
export const uint128: fc.Arbitrary<bigint> = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n })
export const uint256: fc.Arbitrary<bigint> = fc.bigInt({ min: 0n, max: (1n << 256n) - 1n })
export const chainId: fc.Arbitrary<number> = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
export const domain: fc.Arbitrary<Domain> = fc.record({ chainId, settlement: address }, { noNullPrototype: true })

/** A secret key: 32 bytes below the order of the curve and above zero. */
export const secret: fc.Arbitrary<Uint8Array> = bytes32.map(bytes => {
  const key = bytes.slice()
  key[0]! &= 0x7f
  key[31]! |= 1
  return key
})
export const signer: fc.Arbitrary<Signer> = secret.map(signerOf)

export const channel: fc.Arbitrary<Channel> = fc.record(
  {
    payer: address,
    payerAuthorizer: address,
    receiver: address,
    receiverAuthorizer: address,
    token: address,
    withdrawDelay: fc.integer({ min: 900, max: 2_592_000 }),
    salt: digest,
  },
  { noNullPrototype: true },
)
