import type { Node } from './nodes.ts'
import type { Raw } from './raw.ts'
import { malformed } from './reading.ts'

/** A number: its bounds, and what it is a multiple of. */
export function numberAt(type: 'number' | 'integer', raw: Raw, at: string): Node {
  const limit = (keyword: string): number | undefined => {
    const value = raw[keyword]
    if (value === undefined || typeof value === 'boolean') return undefined
    return typeof value === 'number' ? value : malformed(`${at}.${keyword}`, 'must be a number')
  }
  const bound = (plain: string, strict: string, tighter: (a: number, b: number) => boolean) => {
    const [value, beyondIt] = [limit(plain), limit(strict)]
    if (beyondIt !== undefined && (value === undefined || !tighter(value, beyondIt)))
      return { value: beyondIt, exclusive: true }
    // Draft 4 says with a word whether a bound is one that must not be reached.
    return value === undefined ? undefined : { value, exclusive: raw[strict] === true }
  }
  const min = bound('minimum', 'exclusiveMinimum', (a, b) => a > b)
  const max = bound('maximum', 'exclusiveMaximum', (a, b) => a < b)
  const step = limit('multipleOf')
  if (step !== undefined && step <= 0) return malformed(`${at}.multipleOf`, 'must be above 0')
  return {
    kind: 'number',
    whole: type === 'integer',
    ...(min && { min }),
    ...(max && { max }),
    ...(step && { step }),
    at,
  }
}
