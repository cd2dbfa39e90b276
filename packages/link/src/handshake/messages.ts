import {
  type Address,
  addressSchema,
  canonical,
  type Digest,
  type Domain,
  digestOf,
  digestSchema,
  fromUtf8,
  HeddleError,
  type Hex,
  recoverStatement,
  type Signer,
  signatureSchema,
  signStatement,
  utf8,
} from '@heddle/protocol'
import { z } from 'zod'

export const LINK_VERSION = 1

/** How records are kept from others' eyes: not at all on one machine's own loopback, and only where both sides say so. */
const sealSchema = z.enum(['aes-256-gcm', 'none'])
export type Seal = z.infer<typeof sealSchema>

const countSchema = z.int().nonnegative()

/** The first message, of whoever dials. */
export const helloSchema = z.strictObject({
  chainId: z.int().positive(),
  /** X25519, made for this connection alone. */
  ephemeral: digestSchema,
  /** Rises with every connection that this party dials: a newer one fences older ones. */
  generation: countSchema,
  /** Who dials. */
  peer: addressSchema,
  /** The session that goes on, and how many counted frames of it have arrived here; null for a new one. */
  resumes: z.strictObject({ received: countSchema, session: digestSchema }).nullable(),
  seal: sealSchema,
  settlement: addressSchema,
  version: z.literal(LINK_VERSION),
})
export type Hello = Readonly<z.infer<typeof helloSchema>>

/** The answer, of whoever was dialled. */
export const welcomeSchema = z.strictObject({
  ephemeral: digestSchema,
  /** The newest generation that the dialler has proven to dial here: only a higher one is let in. */
  newest: countSchema,
  /** Who answers. */
  peer: addressSchema,
  /** Counted frames that have arrived here; null when the session is a new one, also where another was asked for. */
  received: countSchema.nullable(),
  session: digestSchema,
})
export type Welcome = Readonly<z.infer<typeof welcomeSchema>>

/** The answer with the signature of whoever answers; the third message is the signature of whoever dials, alone. */
const signedWelcomeSchema = z.strictObject({ signature: signatureSchema, welcome: welcomeSchema })
export type SignedWelcome = Readonly<{ signature: Hex; welcome: Welcome }>
const confirmSchema = z.strictObject({ signature: signatureSchema })
/** Instead of an answer: why there is none. */
const refusalSchema = z.strictObject({ error: z.unknown() })

export type Side = 'dial' | 'answer'

/**
 * What a side signs: everything that both have said, and which side it is. Both ephemeral keys, both parties, chain and contract,
 * generation and cursors are in it, so nothing of one handshake is good in another.
 */
export const transcriptOf = (side: Side, hello: Hello, welcome: Welcome): Digest =>
  digestOf(canonical({ hello, side, welcome }))

const domainOf = ({ chainId, settlement }: Hello): Domain => ({ chainId, settlement })

export const signTranscript = (side: Side, hello: Hello, welcome: Welcome, signer: Signer): Hex =>
  signStatement(domainOf(hello), 'link', transcriptOf(side, hello, welcome), signer)

/** Throws `link_unauthentic` unless `peer` signed. */
export function checkTranscript(side: Side, hello: Hello, welcome: Welcome, signature: Hex, peer: Address): void {
  const signed = recoverStatement(domainOf(hello), 'link', transcriptOf(side, hello, welcome), signature)
  if (signed !== peer) throw new HeddleError('link_unauthentic', `${peer} has not signed this handshake`)
}

/** Most bytes of a message of the handshake. */
export const MAX_HANDSHAKE = 4_096

/** Strict: the one form of RFC 8785, for a transcript has one digest. Throws `link_broken`. */
function read<T>(bytes: Uint8Array, schema: z.ZodType<T>, what: string): T {
  if (bytes.length > MAX_HANDSHAKE) throw new HeddleError('link_broken', `a ${what} of ${bytes.length} bytes`)
  try {
    const text = fromUtf8(bytes)
    const value = schema.parse(JSON.parse(text))
    if (canonical(value) === text) return value
  } catch (cause) {
    throw new HeddleError('link_broken', `not a ${what}`, { cause })
  }
  throw new HeddleError('link_broken', `a ${what} that is not in RFC 8785 form`)
}

export const messageOf = (value: unknown): Uint8Array => utf8(canonical(value))
export const readHello = (bytes: Uint8Array): Hello => read(bytes, helloSchema, 'hello')
export const readConfirm = (bytes: Uint8Array): { signature: Hex } => read(bytes, confirmSchema, 'confirmation')
export const readWelcome = (bytes: Uint8Array): SignedWelcome | { error: unknown } =>
  read(bytes, z.union([signedWelcomeSchema, refusalSchema]), 'welcome')
