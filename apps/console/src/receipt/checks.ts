import {
  type Address,
  checkAgreement,
  type Digest,
  digestOf,
  formatUnits,
  HeddleError,
  isHeddleError,
  type JobRequest,
  jobId,
  type Offer,
  offerDigest,
  offerSchema,
  priceOf,
  type Receipt,
  requestDigest,
  type SignedJob,
  seedOf,
  signedJobSchema,
  usageFromJson,
  utf8,
  verifyReceipt,
} from '@heddle/protocol'
import type { Stored } from '../api.ts'
import { usageOf } from '../format.ts'

/** `open` says honestly that something could not be compared here. */
export type Outcome = 'good' | 'bad' | 'open'
export type Check = { name: string; outcome: Outcome; words: string }

type Finding = Omit<Check, 'name'>
const good = (words: string): Finding => ({ outcome: 'good', words })
const bad = (words: string): Finding => ({ outcome: 'bad', words })
const open = (words: string): Finding => ({ outcome: 'open', words })

type Material = { receipt: Receipt; job: JobRequest; offer: Offer; stored: Stored }

/** Everything that this browser can check of a receipt: first what was signed, then what it says, line by line. */
export function checkReceipt(stored: Stored): Check[] {
  const first = { name: 'Signature', ...attempt(() => signature(stored)) }
  if (stored.job === undefined || stored.offer === undefined) {
    return [first, { name: 'Question and answer', ...open('They are not stored at this gateway, so not compared.') }]
  }
  // Read without trust: the lines below must be able to name what is wrong with a receipt that was altered.
  const receipt = ((stored.receipt as { receipt?: unknown } | null)?.receipt ?? {}) as Receipt
  const material = (): Material => ({ receipt, stored, job: readJob(stored.job).job, offer: readOffer(stored.offer) })
  return [first, ...steps.map(([name, step]) => ({ name, ...attempt(() => step(material())) }))]
}

function attempt(step: () => Finding): Finding {
  try {
    return step()
  } catch (error) {
    return bad((error as Error).message)
  }
}

function signature({ receipt, provider }: Stored): Finding {
  if (!provider) return open('This gateway has pinned no key for the channel of this receipt.')
  try {
    verifyReceipt(receipt, provider as Address)
  } catch (error) {
    const words = isHeddleError(error) ? SIGNATURE_WORDS[error.code] : undefined
    const detail = (error as Error).message
    return bad(words ? `${words} (${detail})` : detail)
  }
  return good(`Signed by ${provider}: the key pinned when this gateway first saw the provider.`)
}

const SIGNATURE_WORDS: Partial<Record<string, string>> = {
  receipt_malformed: 'This is not a whole receipt.',
  receipt_signature: 'What is signed is not what stands here: a field or the signature was altered.',
  receipt_signer: 'Another key than the pinned one signed this.',
}

const steps: readonly (readonly [string, (material: Material) => Finding])[] = [
  ['Job', ({ receipt, job }) => same(receipt.id, jobId(job), "The receipt's id is the digest of the stored job.")],
  [
    'Question',
    ({ receipt, job }) =>
      same(receipt.request, requestDigest(job.spec), 'The request digest is that of the stored question.'),
  ],
  [
    'Seed',
    ({ receipt, job }) =>
      same(
        receipt.seed,
        seedOf(requestDigest(job.spec), job.nonce),
        'The seed follows from the question and the nonce of the consumer: the provider could not pick it.',
      ),
  ],
  ['Offer', ({ receipt, offer }) => same(receipt.offer, offerDigest(offer), 'The stored offer is the one charged by.')],
  [
    'Model',
    ({ receipt, offer }) =>
      same(receipt.model, offer.serves.digest, `The model is the “${offer.serves.name}” of the offer.`),
  ],
  ['Answer', answer],
  ['Charge', charge],
  ['All together', agreement],
]

function same(claimed: unknown, computed: unknown, words: string): Finding {
  if (claimed === computed) return good(words)
  return bad(`The receipt says ${String(claimed)}; computed here: ${String(computed)}.`)
}

/** The stored bytes that the receipt speaks of, or nothing where the answer is no text and so not in this page. */
function outputOf({ receipt, stored }: Material): Digest | undefined {
  const bytes = utf8(stored.answer?.answer ?? '')
  const length = Number(receipt.outputBytes)
  if (bytes.length === 0 && length > 0) return undefined
  if (!(length <= bytes.length)) {
    throw new HeddleError('receipt_mismatch', `The receipt says ${length} bytes; ${bytes.length} bytes are stored.`)
  }
  return digestOf(bytes.subarray(0, length))
}

function answer(material: Material): Finding {
  const computed = outputOf(material)
  if (!computed) return open('The stored answer cannot be shown as text, so its digest was not computed here.')
  const { output, outputBytes } = material.receipt
  return same(output, computed, `The output digest is that of the stored answer (${outputBytes} bytes).`)
}

function charge({ receipt, job, offer }: Material): Finding {
  const price = priceOf(offer, usageFromJson(receipt.usage))
  const terms = usageOf(receipt.usage).map(
    ([unit, used]) => `${used} ${unit} × ${formatUnits(BigInt(offer.prices[unit]!))}`,
  )
  const sum = `${terms.join(' + ')} = ${formatUnits(price)} HED`
  if (receipt.charge !== price.toString()) {
    return bad(`Price × usage is ${sum}; the receipt charges ${formatUnits(BigInt(receipt.charge))} HED.`)
  }
  if (price > BigInt(job.limit)) return bad(`${sum}, which is above the limit of the job.`)
  return good(`${sum}, by the prices of the offer.`)
}

/** The same comparison that the gateway makes before it accepts an answer. */
function agreement(material: Material): Finding {
  const { receipt, job, offer } = material
  try {
    checkAgreement(receipt, { job, offer, output: () => outputOf(material) ?? receipt.output })
  } catch (error) {
    return bad(`The first that does not agree: ${(error as Error).message}`)
  }
  return good('Receipt, job, offer and answer agree in every field that they share.')
}

function readJob(json: unknown): SignedJob {
  const parsed = signedJobSchema.safeParse(json)
  if (!parsed.success) throw new HeddleError('receipt_mismatch', 'The stored job is not well-formed.')
  return parsed.data as SignedJob
}

function readOffer(json: unknown): Offer {
  const parsed = offerSchema.safeParse(json)
  if (!parsed.success) throw new HeddleError('receipt_mismatch', 'The stored offer is not well-formed.')
  return parsed.data
}
