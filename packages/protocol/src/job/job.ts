import { z } from 'zod'
import { type Address, concat, fromHex, type Hex, utf8 } from '../bytes.ts'
import { canonical, canonicalOnce } from '../canonical.ts'
import { type Digest, digestOf, digestOfJson, digestOnce } from '../digest.ts'
import { type MerklePath, merklePathSchema, merkleTree, rootFromPath } from '../merkle.ts'
import { WIRE_VERSION } from '../offer.ts'
import { amountSchema, digestSchema, recordOf, signatureSchema, workloadSchema } from '../schemas.ts'
import type { Signer } from '../signatures/signer.ts'
import { type Domain, recoverStatement, signStatement } from '../statement.ts'

/** What a payer signs to have one piece of work done under a channel. Its digest is the job's and the receipt's id. */
export const jobRequestSchema = z.strictObject({
  channel: digestSchema,
  /** Unix seconds: nobody can have this job run later. */
  expires: z.int().positive(),
  /** Most that this job may be charged, in base units. */
  limit: amountSchema,
  /** Fixes the seed; never used twice. */
  nonce: digestSchema,
  offer: digestSchema,
  spec: recordOf(128, z.unknown()),
  version: z.literal(WIRE_VERSION),
  workload: workloadSchema,
})
export type JobRequest = Readonly<z.infer<typeof jobRequestSchema>>

export const signedJobSchema = z.strictObject({
  job: jobRequestSchema,
  /** Where the job stands in a batch that one signature covers; a lone job has none. */
  path: merklePathSchema.optional(),
  signature: signatureSchema,
})
export type SignedJob = { job: JobRequest; path?: MerklePath; signature: Hex }

/** How long a consumer gives a job to be started, in seconds. */
export const JOB_LIFETIME = 600

/** When a consumer signed a job, in unix milliseconds, to the second: the signed expiry tells it. */
export const askedAt = (job: JobRequest): number => (job.expires - JOB_LIFETIME) * 1000

const texts = new WeakMap<JobRequest, { text: string; id: Digest }>()

/** RFC 8785 form and digest of a job, remembered as long as it lives; its spec is written once for both digests. */
function written(job: JobRequest): { text: string; id: Digest } {
  const known = texts.get(job)
  if (known) return known
  const { channel, expires, limit, nonce, offer, spec, version, workload } = job
  const words = canonical({ channel, expires, limit, nonce, offer })
  const rest = canonical({ version, workload })
  const text = `${words.slice(0, -1)},"spec":${canonicalOnce(spec)},${rest.slice(1)}`
  const made = { text, id: digestOf(text) }
  texts.set(job, made)
  return made
}

export const jobId = (job: JobRequest): Digest => written(job).id

/** A signed job as it is stored and sent: RFC 8785. */
export function signedJobText({ job, path, signature }: SignedJob): string {
  const place = path ? `"path":${canonical(path)},` : ''
  return `{"job":${written(job).text},${place}"signature":"${signature}"}`
}

/** What one signature over several jobs covers: the root over their ids, and how many they are. */
const headOf = (root: Digest, size: number): Digest => digestOf(`{"root":"${root}","size":${size}}`)

/** Signs jobs of one settlement contract with one signature: what is asked in the same moment is signed once. */
export function signJobs(domain: Domain, jobs: readonly JobRequest[], authorizer: Signer): SignedJob[] {
  const [first] = jobs
  if (!first) return []
  if (jobs.length === 1) return [{ job: first, signature: signStatement(domain, 'job', jobId(first), authorizer) }]
  const { root, paths } = merkleTree(jobs.map(job => fromHex(jobId(job))))
  const signature = signStatement(domain, 'jobs', headOf(root, jobs.length), authorizer)
  return jobs.map((job, i) => ({ job, path: paths[i]!, signature }))
}

export const signJob = (domain: Domain, job: JobRequest, authorizer: Signer): SignedJob =>
  signJobs(domain, [job], authorizer)[0]!

/** The address that signed a job, alone or in its batch; nothing when nobody did. */
export function recoverJob(domain: Domain, { job, path, signature }: SignedJob): Address | undefined {
  if (!path) return recoverStatement(domain, 'job', jobId(job), signature)
  // A batch of one has the plain form: no job has two.
  const root = path.size > 1 ? rootFromPath(fromHex(jobId(job)), path) : undefined
  return root && recoverStatement(domain, 'jobs', headOf(root, path.size), signature)
}

/** The digest of what was asked, without who asked or how it is paid. */
export const requestDigest = (spec: unknown): Digest =>
  typeof spec === 'object' && spec !== null ? digestOnce(spec) : digestOfJson(spec)

/** A job's randomness: sha256("heddle/1 seed" ‖ request digest ‖ nonce), so a provider cannot pick it. */
export const seedOf = (request: Digest, nonce: Hex): Digest =>
  digestOf(concat(utf8('heddle/1 seed'), fromHex(request), fromHex(nonce)))
