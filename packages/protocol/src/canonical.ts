import canonicalize from 'canonicalize'
import { HeddleError } from './errors/heddle-error.ts'

/**
 * RFC 8785 (JSON Canonicalization Scheme): the one byte form of a JSON value that digests and signatures cover.
 * Throws `bad_request` for what JSON cannot hold (undefined, bigint, NaN, lone surrogates).
 *
 * @example
 * ```ts
 * import { canonical } from '@heddle/protocol'
 * canonical({ b: 1, a: 'x' }) // '{"a":"x","b":1}'
 * ```
 */
export function canonical(value: unknown): string {
  let text: string | undefined
  try {
    text = canonicalize(value)
  } catch (cause) {
    throw new HeddleError('bad_request', 'not a JSON value', { cause })
  }
  if (text === undefined) throw new HeddleError('bad_request', 'not a JSON value')
  return text
}
