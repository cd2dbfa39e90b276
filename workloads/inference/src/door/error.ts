import { type ErrorCode, toHeddleError } from '@heddle/protocol'

const RETRY_AFTER_SECONDS = '1'

/** OpenAI's kinds of error, by HTTP status; what is not listed is the server's fault. */
const types: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'insufficient_quota',
  403: 'permission_error',
  404: 'invalid_request_error',
  405: 'invalid_request_error',
  409: 'invalid_request_error',
  413: 'invalid_request_error',
  429: 'rate_limit_error',
}

export type OpenAiError = { error: { message: string; type: string; param: string | null; code: ErrorCode } }

/** Any error in OpenAI's shape; the message ends with what to do about it. */
export function openAiError(error: unknown): {
  status: number
  body: OpenAiError
  headers?: Readonly<Record<string, string>>
} {
  const { status, code, message, fix, cause } = toHeddleError(error)
  // What went wrong inside is for the log, not for a stranger.
  const text = code === 'internal' ? 'internal error' : message
  const body = {
    error: { message: `${text}. ${fix}`, type: types[status] ?? 'server_error', param: paramOf(cause), code },
  }
  return { status, body, ...(status === 429 && { headers: { 'retry-after': RETRY_AFTER_SECONDS } }) }
}

function paramOf(cause: unknown): string | null {
  const { param } = (typeof cause === 'object' && cause !== null ? cause : {}) as { param?: unknown }
  return typeof param === 'string' ? param : null
}
