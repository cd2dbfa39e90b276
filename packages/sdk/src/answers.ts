import { concat, fromUtf8, HeddleError, nestsDeeper } from '@heddle/protocol'

/** What is read of a provider's answers, which nobody has to believe, and how long they are waited for: more is no answer. */
export type AnswerLimits = {
  /** Offers that one provider may have. */
  offers: number
  /** Receipts that come at once. */
  receipts: number
  /** Bytes of an answer that is JSON. */
  bytes: number
  /** Milliseconds for an answer to whatever is no job. */
  wait: number
  /** Milliseconds that a connection which dropped is waited for, before what has not begun is asked elsewhere. */
  grace: number
}

export const USUAL_ANSWERS: AnswerLimits = {
  offers: 1_000,
  receipts: 1_000,
  bytes: 64 << 20,
  wait: 20_000,
  grace: 1_000,
}

/** Objects and lists within each other: a receipt has its job with it, and that what was asked. */
export const MAX_DEPTH = 128

/** All of a body, of at most so many bytes. Throws `provider_unreachable` as soon as it is longer, and ends it. */
export async function readWhole(body: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > most) throw new HeddleError('provider_unreachable', `it answers more than ${Math.floor(most)} bytes`)
    chunks.push(chunk)
  }
  return concat(...chunks)
}

/** A body as JSON. Throws `provider_unreachable` for what is none, is too long, or too deep. */
export async function readJson(body: AsyncIterable<Uint8Array>, most: number): Promise<unknown> {
  const text = fromUtf8(await readWhole(body, most))
  if (nestsDeeper(text, MAX_DEPTH)) throw new HeddleError('provider_unreachable', 'its answer nests too deeply')
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new HeddleError('provider_unreachable', 'its answer is no JSON', { cause })
  }
}
