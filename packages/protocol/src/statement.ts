import { type Address, type Hex, utf8 } from './bytes.ts'
import type { Digest } from './digest.ts'
import { recoverAddress } from './signatures/signature.ts'
import type { Signer } from './signatures/signer.ts'
import { domainSeparator, hashOf, structHash, typedDigest, typeHash, wordOfHex } from './typed-data.ts'

/** Where a signature counts: one chain and one settlement contract. */
export type Domain = Readonly<{ chainId: number; settlement: Address }>

/** What a Heddle signature is about; a signature for one kind never passes as another. */
export type StatementKind = 'offer' | 'job' | 'receipts' | 'grant' | 'read'

const TYPE = typeHash('Statement(string kind,bytes32 digest)')

/**
 * EIP-712 `Statement(string kind,bytes32 digest)` in the domain {Heddle, 1, chainId, settlement}: how offers, jobs and
 * receipts are signed.
 */
export function statementDigest(domain: Domain, kind: StatementKind, digest: Digest): Uint8Array {
  const separator = domainSeparator('Heddle', '1', domain.chainId, domain.settlement)
  return typedDigest(separator, structHash(TYPE, hashOf(utf8(kind)), wordOfHex(digest)))
}

export const signStatement = (domain: Domain, kind: StatementKind, digest: Digest, signer: Signer): Hex =>
  signer.sign(statementDigest(domain, kind, digest))

export const recoverStatement = (domain: Domain, kind: StatementKind, digest: Digest, signature: Hex) =>
  recoverAddress(statementDigest(domain, kind, digest), signature)
