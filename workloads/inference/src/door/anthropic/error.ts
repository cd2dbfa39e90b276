import { type ErrorCode, type HeddleError, toHeddleError } from '@heddle/protocol'
import { causeParam, lengthsIn, messageOf, retryHeaders } from '../shared/errors.ts'

/** Anthropic's kinds of error, by HTTP status; what is not listed is the server's fault. */
const types: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  405: 'invalid_request_error',
  409: 'invalid_request_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
}

/** What Anthropic's clients know as too much work for now, by a status of its own: its key has done nothing wrong. */
const OVERLOADED = 529

export type AnthropicError = {
  type: 'error'
  error: { type: string; message: string }
  request_id: null
  /** The stable code, and the field it is about: Anthropic's own shape has room for neither. */
  heddle: { code: ErrorCode; param: string | null }
}

/** Any error in Anthropic's shape; the message ends with what to do about it. */
export function anthropicError(thrown: unknown): {
  status: number
  body: AnthropicError
  headers?: Readonly<Record<string, string>>
} {
  const error = toHeddleError(thrown)
  const { code } = error
  const status = anthropicStatus(error)
  const body: AnthropicError = {
    type: 'error',
    error: { type: anthropicType(status), message: wordsOf(error) },
    request_id: null,
    heddle: { code, param: causeParam(error) ?? null },
  }
  return { status, body, ...retryHeaders(error) }
}

/** The HTTP status by which Anthropic's clients know an error. */
const anthropicStatus = ({ code, status, retryable }: Pick<HeddleError, 'code' | 'status' | 'retryable'>): number =>
  code === 'busy' || (status === 503 && retryable) ? OVERLOADED : status

/** Its kind in Anthropic's words. */
const anthropicType = (status: number): string => types[status] ?? 'api_error'

/** Claude Code makes its conversation shorter where it reads Anthropic's own sentence. */
function wordsOf(error: HeddleError): string {
  if (error.code !== 'context_exceeded') return messageOf(error)
  const lengths = lengthsIn(error)
  const numbers = lengths && lengths.tokens > lengths.most ? `: ${lengths.tokens} tokens > ${lengths.most} maximum` : ''
  return `prompt is too long${numbers}: ${messageOf(error)}`
}
