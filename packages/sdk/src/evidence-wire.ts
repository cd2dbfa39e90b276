import {
  type Address,
  type Answered,
  digestOf,
  errorFromJson,
  evidenceRoot,
  fromHex,
  HeddleError,
  type Hex,
  jobId,
  jobRequestSchema,
  offerDigest,
  readOffer,
  toHex,
  verifyReceipt,
} from '@heddle/protocol'
import type { Opened } from './evidence-open.ts'

/** An opened receipt as a gateway tells it: bytes of the output in base64, leaves in hexadecimal digits. */
export const openedToJson = ({ answered, provider, problem }: Opened) => ({
  provider,
  receipt: answered.receipt,
  job: answered.job,
  ...(answered.offer ? { offer: answered.offer } : {}),
  output: Buffer.from(answered.output).toString('base64'),
  ...(answered.leaves ? { leaves: answered.leaves.map(leaf => toHex(leaf)) } : {}),
  ...(problem ? { error: problem.toJSON() } : {}),
})

const PROBLEMS = ['evidence_unknown', 'evidence_withheld', 'evidence_path'] as const

/**
 * Reads what {@link openedToJson} wrote and holds every part against the receipt, so that a check never rests on the
 * word of a gateway: `receipt_mismatch` for a job, an offer or an output of another receipt, `evidence_path` for other
 * leaves, and what `verifyReceipt` and `readOffer` throw. `pinned` is the provider's key as it is known here; without one, the one that the gateway
 * names.
 */
export function readOpened(json: unknown, pinned?: Address): Opened {
  const parts = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>
  const provider = pinned ?? (String(parts['provider']) as Address)
  const receipt = verifyReceipt(parts['receipt'], provider)
  const { id, output: digest, evidence } = receipt.receipt
  const job = jobRequestSchema.safeParse(parts['job'])
  if (!job.success || jobId(job.data) !== id) throw new HeddleError('receipt_mismatch', 'a job of another receipt')
  const output = new Uint8Array(Buffer.from(String(parts['output'] ?? ''), 'base64'))
  if (digestOf(output) !== digest) throw new HeddleError('receipt_mismatch', 'an output of another receipt')
  const offer = parts['offer'] === undefined ? undefined : readOffer(parts['offer'], 0)
  if (offer && (offerDigest(offer.offer) !== receipt.receipt.offer || offer.offer.provider !== provider))
    throw new HeddleError('receipt_mismatch', 'an offer of another receipt')
  const answered: Answered = { receipt, job: job.data, output, ...(offer ? { offer } : {}) }
  const { leaves, error } = parts
  if (Array.isArray(leaves) && evidence !== null) {
    const bytes = leaves.map(leaf => fromHex(leaf as Hex))
    if (bytes.length === 0 || evidenceRoot(bytes) !== evidence) throw new HeddleError('evidence_path')
    return { answered: { ...answered, leaves: bytes }, provider }
  }
  if (evidence === null) return { answered, provider }
  const problem = errorFromJson(error, 'evidence_withheld')
  const told = (PROBLEMS as readonly string[]).includes(problem.code)
  return { answered, provider, problem: told ? problem : new HeddleError('evidence_withheld', problem.message) }
}
