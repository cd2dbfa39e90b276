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

/** A client that is told to wait, or that a retry helps, is told how long. */
export function retryHeaders(error: HeddleError): { headers?: Readonly<Record<string, string>> } {
  const { retryAfter } = causeOf(error)
  if (error.status !== 429 && !(error.retryable && typeof retryAfter === 'number')) return {}
  return { headers: { 'retry-after': String(typeof retryAfter === 'number' ? retryAfter : RETRY_AFTER) } }
}
