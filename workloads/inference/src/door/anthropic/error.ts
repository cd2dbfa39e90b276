import { type ErrorCode, toHeddleError } from '@heddle/protocol'
import { causeParam, messageOf, retryHeaders } from '../shared/errors.ts'

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
  503: 'overloaded_error',
  504: 'timeout_error',
}

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
  const { status, code } = error
  const body: AnthropicError = {
    type: 'error',
    error: { type: types[status] ?? 'api_error', message: messageOf(error) },
    request_id: null,
    heddle: { code, param: causeParam(error) ?? null },
  }
  return { status, body, ...retryHeaders(error) }
}
