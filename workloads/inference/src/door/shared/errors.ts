import type { HeddleError } from '@heddle/protocol'

/** Seconds, where the error does not say. */
const RETRY_AFTER = 1

/** What to tell a stranger: what went wrong, and what to do. What went wrong inside is for the log. */
export const messageOf = ({ code, message, fix }: HeddleError): string =>
  `${code === 'internal' ? 'internal error' : message}. ${fix}`

const causeOf = ({ cause }: HeddleError): Readonly<Record<string, unknown>> =>
  (typeof cause === 'object' && cause !== null ? cause : {}) as Record<string, unknown>

/** The field that an error is about. */
export function causeParam(error: HeddleError): string | undefined {
  const { param } = causeOf(error)
  return typeof param === 'string' ? param : undefined
}

/** Of a prompt that does not fit: its tokens, and what there is room for, where the error says so. */
export function lengthsIn({ message }: HeddleError): { tokens: number; most: number } | undefined {
  const [, tokens, most] =
    /(\d+)(?: prompt)?(?: \+ \d+ completion)? tokens\b.*\babove the context of (\d+)/.exec(message) ?? []
  return tokens === undefined ? undefined : { tokens: Number(tokens), most: Number(most) }
}

/**
 * What an error tells a client's own retries: whether one helps, and when, in the headers that the clients of both APIs
 * read. A payment is no retry.
 */
export function retryHeaders(error: HeddleError): { headers?: Readonly<Record<string, string>> } {
  const { retryAfter } = causeOf(error)
  const helps = error.retryable && (error.status === 429 || error.status >= 500)
  if (!helps) return error.retryable ? {} : { headers: { 'x-should-retry': 'false' } }
  const seconds = typeof retryAfter === 'number' && retryAfter >= 0 ? retryAfter : RETRY_AFTER
  return {
    headers: {
      'retry-after': String(Math.ceil(seconds)),
      'retry-after-ms': String(Math.ceil(seconds * 1_000)),
      'x-should-retry': 'true',
    },
  }
}
