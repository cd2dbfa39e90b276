import { z } from 'zod'
import { type Address, concat, fromHex, type Hex, utf8 } from '../bytes.ts'
import { type Digest, digestOf, digestOfJson } from '../digest.ts'
import { WIRE_VERSION } from '../offer.ts'
import { amountSchema, digestSchema, recordOf, signatureSchema } from '../schemas.ts'
import type { Signer } from '../signatures/signer.ts'
import { type Domain, recoverStatement, signStatement } from '../statement.ts'

/** What a payer signs to have one piece of work done under a channel. Its digest is the job's and the receipt's id. */
export const jobRequestSchema = z.strictObject({
  version: z.literal(WIRE_VERSION),
  channel: digestSchema,
  offer: digestSchema,
  workload: z.string().min(1).max(32),
  spec: recordOf(128, z.unknown()),
  /** Fixes the seed; never used twice. */
  nonce: digestSchema,
  /** Most that this job may be charged, in base units. */
  limit: amountSchema,
  /** Unix seconds: nobody can have this job run later. */
  expires: z.int().positive(),
})
export type JobRequest = Readonly<z.infer<typeof jobRequestSchema>>

export const signedJobSchema = z.strictObject({ job: jobRequestSchema, signature: signatureSchema })
export type SignedJob = { job: JobRequest; signature: Hex }

/** How long a consumer gives a job to be started, in seconds. */
export const JOB_LIFETIME = 600

/** When a consumer signed a job, in unix milliseconds, to the second: the signed expiry tells it. */
export const askedAt = (job: JobRequest): number => (job.expires - JOB_LIFETIME) * 1000

export const jobId = (job: JobRequest): Digest => digestOfJson(job)

export const signJob = (domain: Domain, job: JobRequest, authorizer: Signer): SignedJob => ({
  job,
  signature: signStatement(domain, 'job', jobId(job), authorizer),
})

export const recoverJob = (domain: Domain, signed: SignedJob): Address | undefined =>
  recoverStatement(domain, 'job', jobId(signed.job), signed.signature)

/**
 * Proves to a provider that one may read a channel's jobs and receipts: they hold what was asked. Channel and job ids
 * do not, for they are on the chain and in receipts that people show.
 */
export const signRead = (domain: Domain, channel: Hex, authorizer: Signer): Hex =>
  signStatement(domain, 'read', channel, authorizer)

export const recoverRead = (domain: Domain, channel: Hex, signature: Hex): Address | undefined =>
  recoverStatement(domain, 'read', channel, signature)

/** The digest of what was asked, without who asked or how it is paid. */
export const requestDigest = (spec: unknown): Digest => digestOfJson(spec)

/** A job's randomness: sha256("heddle/1 seed" ‖ request digest ‖ nonce), so a provider cannot pick it. */
export const seedOf = (request: Digest, nonce: Hex): Digest =>
  digestOf(concat(utf8('heddle/1 seed'), fromHex(request), fromHex(nonce)))
