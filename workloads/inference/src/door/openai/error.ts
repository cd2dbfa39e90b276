import { type ErrorCode, toHeddleError } from '@heddle/protocol'
import { causeParam, messageOf, retryHeaders } from '../shared/errors.ts'

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
export function openAiError(thrown: unknown): {
  status: number
  body: OpenAiError
  headers?: Readonly<Record<string, string>>
} {
  const error = toHeddleError(thrown)
  const { status, code } = error
  const param = causeParam(error) ?? null
  const body = { error: { message: messageOf(error), type: types[status] ?? 'server_error', param, code } }
  return { status, body, ...retryHeaders(error) }
}
