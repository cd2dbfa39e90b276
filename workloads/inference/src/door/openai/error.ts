import { type ErrorCode, type HeddleError, toHeddleError } from '@heddle/protocol'
import { causeParam, lengthsIn, messageOf, retryHeaders } from '../shared/errors.ts'

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

/** Codes that OpenAI's clients act on, for those of ours that mean the same. The others keep their own. */
export const openAiCodes: Readonly<Partial<Record<ErrorCode, string>>> = {
  context_exceeded: 'context_length_exceeded',
  key_missing: 'invalid_api_key',
  key_unknown: 'invalid_api_key',
  key_expired: 'invalid_api_key',
  key_revoked: 'invalid_api_key',
  rate_limited: 'rate_limit_exceeded',
  busy: 'rate_limit_exceeded',
  cap_reached: 'insufficient_quota',
  model_unknown: 'model_not_found',
}

export type OpenAiError = {
  error: {
    message: string
    type: string
    param: string | null
    code: string
    /** The code of Heddle's catalogue, which `code` is too where OpenAI has no word of its own. */
    heddle_code: ErrorCode
  }
}

/** Any error in OpenAI's shape; the message ends with what to do about it. */
export function openAiError(thrown: unknown): {
  status: number
  body: OpenAiError
  headers?: Readonly<Record<string, string>>
} {
  const error = toHeddleError(thrown)
  const { status, code } = error
  const body = {
    error: {
      message: wordsOf(error),
      type: types[status] ?? 'server_error',
      param: causeParam(error) ?? null,
      code: openAiCodes[code] ?? code,
      heddle_code: code,
    },
  }
  return { status, body, ...retryHeaders(error) }
}

/** Some clients know a prompt that is too long by OpenAI's own sentence alone, and some by its code among the words. */
function wordsOf(error: HeddleError): string {
  if (error.code !== 'context_exceeded') return messageOf(error)
  const lengths = lengthsIn(error)
  const most = lengths ? `${lengths.most} tokens` : 'exceeded'
  return `This model's maximum context length is ${most} (${openAiCodes.context_exceeded}): ${messageOf(error)}`
}
