import { type Address, type Hex, utf8 } from './bytes.ts'
import type { Digest } from './digest.ts'
import { recoverAddress } from './signatures/signature.ts'
import type { Signer } from './signatures/signer.ts'
import { domainSeparator, hashOf, structHash, typedDigest, typeHash, wordOfHex } from './typed-data.ts'

/** Where a signature counts: one chain and one settlement contract. */
export type Domain = Readonly<{ chainId: number; settlement: Address }>

/** What a Heddle signature is about; a signature for one kind never passes as another. */
export type StatementKind = 'offer' | 'job' | 'jobs' | 'receipts' | 'grant' | 'link'

const TYPE = typeHash('Statement(string kind,bytes32 digest)')

const kindHash = (kind: StatementKind): Uint8Array => hashOf(utf8(kind))
const kinds: Readonly<Record<StatementKind, Uint8Array>> = {
  offer: kindHash('offer'),
  job: kindHash('job'),
  jobs: kindHash('jobs'),
  receipts: kindHash('receipts'),
  grant: kindHash('grant'),
  link: kindHash('link'),
}

/**
 * EIP-712 `Statement(string kind,bytes32 digest)` in the domain {Heddle, 1, chainId, settlement}: how offers, jobs and
 * receipts are signed.
 */
export function statementDigest(domain: Domain, kind: StatementKind, digest: Digest): Uint8Array {
  const separator = domainSeparator('Heddle', '1', domain.chainId, domain.settlement)
  return typedDigest(separator, structHash(TYPE, kinds[kind], wordOfHex(digest)))
}

export const signStatement = (domain: Domain, kind: StatementKind, digest: Digest, signer: Signer): Hex =>
  signer.sign(statementDigest(domain, kind, digest))

/** Who signed what, of late: one signature covers many jobs or receipts, and is looked at once. */
const recovered = new Map<string, Address | undefined>()
const MOST_RECOVERED = 256

export function recoverStatement(
  domain: Domain,
  kind: StatementKind,
  digest: Digest,
  signature: Hex,
): Address | undefined {
  const key = `${domain.chainId} ${domain.settlement} ${kind} ${digest} ${signature}`
  const known = recovered.get(key)
  if (known) return known
  const address = recoverAddress(statementDigest(domain, kind, digest), signature)
  if (recovered.size >= MOST_RECOVERED) recovered.delete(recovered.keys().next().value!)
  recovered.set(key, address)
  return address
}
