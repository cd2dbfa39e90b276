import {
  type Address,
  HeddleError,
  type JobRequest,
  jobId,
  jobRequestSchema,
  judge,
  readPart,
  requestDigest,
  seedOf,
  UNKNOWN_WORKLOAD,
  type Verdict,
  verifyReceipt,
} from '@heddle/protocol'
import { askedDrawing } from '../asked.ts'
import { ownSeed } from '../draw.ts'
import { isInference } from './known.ts'
import { openHead } from './open.ts'

/**
 * Draws that were not made as the request fixed them: another seed than the one its nonce gives (or than the
 * consumer's own, where it sent one), another temperature, topP or topK. The job needs no signature: the receipt's id
 * is its digest. Where the engine drew by itself there is nothing to prove. Throws what {@link verifyReceipt} throws,
 * `evidence_path`, and `proof_malformed` for a job that is not the receipt's.
 *
 * @example
 * ```ts
 * // sketch
 * foreignSeed({ receipt, head: { leaf, path }, job }, pinned).verdict // 'honest'
 * ```
 */
export function foreignSeed(
  { receipt: json, head: leaf, job: asked }: { receipt: unknown; head: unknown; job: unknown },
  pinned: Address,
): Verdict<'foreign-seed'> {
  const signed = verifyReceipt(json, pinned)
  const job: JobRequest = readPart(jobRequestSchema, asked, 'job')
  if (jobId(job) !== signed.receipt.id) throw new HeddleError('proof_malformed', "job: not the receipt's")
  const say = judge('foreign-seed', signed)
  if (!isInference(signed.receipt)) return say('inconclusive', UNKNOWN_WORKLOAD)
  if (signed.receipt.evidence === null) return say('inconclusive', 'the receipt names no evidence')
  const head = openHead(signed.receipt, leaf)
  if (!head) return say('inconclusive', 'the head is malformed, which is another proof')
  if (!head.replayable) return say('inconclusive', 'the engine drew by itself')
  const wanted = askedDrawing(job.spec)
  if (!wanted) return say('inconclusive', 'the request does not say how to draw')
  const seed = wanted.seed === undefined ? seedOf(requestDigest(job.spec), job.nonce) : ownSeed(wanted.seed)
  if (head.seed !== seed) return say('dishonest', 'drawn from another seed', { wanted: seed, used: head.seed })
  for (const field of ['temperature', 'topP', 'topK'] as const) {
    if (head[field] !== wanted[field])
      return say('dishonest', `drawn with another ${field}`, { wanted: wanted[field], used: head[field] })
  }
  return say('honest', 'drawn as the request fixed it', { seed })
}
