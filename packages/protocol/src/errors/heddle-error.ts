import { catalogue, type ErrorCode } from './catalogue.ts'

const brand = Symbol.for('heddle.error')
const MAX_DETAIL = 500

/** What an error looks like on a wire: bounded, without a stack. */
export type ErrorJson = Readonly<
  { code: ErrorCode; message: string; retryable: boolean; fix: string; docs: string } & About
>

/** What of an error's cause a stranger may know: the field it is about, what a model lacks, seconds, a ceiling. */
export type About = { param?: string; feature?: string; retryAfter?: number; ceiling?: string }

/**
 * The one error of Heddle: a stable code, whether a retry can help (part of the type), a fix, and where it is explained at
 * whoever answered.
 *
 * @example
 * ```ts
 * import { HeddleError } from '@heddle/protocol'
 * const error = new HeddleError('chain_down', 'nothing answers on port 8545')
 * error.retryable // true
 * error.docs // '/errors#chain_down'
 * ```
 */
export class HeddleError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'HeddleError'
  readonly code: C
  readonly retryable: (typeof catalogue)[C]['retryable']
  readonly status: number
  readonly fix: string
  readonly docs: string
  readonly [brand] = true

  constructor(code: C, detail?: string, options?: { cause?: unknown }) {
    super(detail ? detail.slice(0, MAX_DETAIL) : code.replaceAll('_', ' '), options)
    const row = catalogue[code]
    this.code = code
    this.retryable = row.retryable
    this.status = row.status
    this.fix = row.fix
    this.docs = `/errors#${code}`
  }

  toJSON(): ErrorJson {
    const { code, message, retryable, fix, docs } = this
    return { code, message, retryable, fix, docs, ...aboutOf(this.cause) }
  }
}

const MAX_ABOUT = 200

function aboutOf(cause: unknown): About {
  const { param, feature, retryAfter, ceiling } = (typeof cause === 'object' && cause !== null ? cause : {}) as About
  return {
    ...(typeof param === 'string' && { param: param.slice(0, MAX_ABOUT) }),
    ...(typeof feature === 'string' && { feature: feature.slice(0, MAX_ABOUT) }),
    ...(typeof retryAfter === 'number' && Number.isFinite(retryAfter) && { retryAfter }),
    ...(typeof ceiling === 'string' && /^[0-9]{1,39}$/.test(ceiling) && { ceiling }),
  }
}

/** True for a Heddle error of any copy of this package; with a code, only for that one. */
export function isHeddleError(error: unknown, code?: ErrorCode): error is HeddleError {
  if (typeof error !== 'object' || error === null || !(brand in error)) return false
  return code === undefined || (error as HeddleError).code === code
}

/** Any thrown value as a Heddle error; what is not one becomes `internal` and keeps its cause. */
export function toHeddleError(error: unknown): HeddleError {
  if (isHeddleError(error)) return error
  const isObject = (typeof error === 'object' && error !== null) || typeof error === 'function'
  const detail = error instanceof Error ? error.message : isObject ? 'not an error was thrown' : String(error)
  return new HeddleError('internal', detail, { cause: error })
}

/**
 * Rebuilds an error from its wire form; an unknown code becomes `fallback`. A door whose API has words of its own for some
 * codes says ours beside them, in `heddle_code`.
 */
export function errorFromJson(json: unknown, fallback: ErrorCode = 'internal'): HeddleError {
  const given = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>
  const { heddle_code: code = given['code'], message } = given
  const known = typeof code === 'string' && Object.hasOwn(catalogue, code) ? (code as ErrorCode) : fallback
  const about = aboutOf(json)
  const cause = Object.keys(about).length > 0 ? { cause: about } : undefined
  return new HeddleError(known, typeof message === 'string' ? message : undefined, cause)
}
