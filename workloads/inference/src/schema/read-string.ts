import { automatonOf } from './automaton.ts'
import { Exhausted } from './budget.ts'
import { formatConditions } from './formats.ts'
import { type Node, never } from './nodes.ts'
import type { Condition } from './pattern.ts'
import type { Raw } from './raw.ts'
import { countOf, malformed, type Reading, refuse } from './reading.ts'

/** A text: its length, its pattern, and what its format means. */
export function stringAt(reading: Reading, raw: Raw, at: string): Node {
  const { strictness, conditionsOf, pass } = reading
  const min = countOf(raw, 'minLength', at) ?? 0
  const max = countOf(raw, 'maxLength', at) ?? Number.POSITIVE_INFINITY
  if (max < min) return never(`${at}.maxLength`, 'is below minLength')
  for (const keyword of ['contentEncoding', 'contentMediaType', 'contentSchema'])
    if (raw[keyword] !== undefined) pass(`${at}.${keyword}`)
  const { pattern, format } = raw
  if (pattern !== undefined && typeof pattern !== 'string') return malformed(`${at}.pattern`, 'must be a text')
  const conditions = pattern === undefined ? [] : conditionsOf(pattern, `${at}.pattern`)
  const formats = typeof format === 'string' ? formatConditions(format) : undefined
  if (format !== undefined && !formats) pass(`${at}.format`)
  if (strictness === 'refuse' && isEmptyPattern(reading, conditions, { min, max }))
    return never(`${at}.pattern`, 'allows no text of this length')
  return {
    kind: 'string',
    min,
    max,
    conditions,
    formats: formats ?? [],
    ...(typeof format === 'string' && /^[a-z0-9-]{1,32}$/.test(format) && { format }),
    at,
  }
}

/** That no text can be meant, an engine that is told a part of it would not notice. */
function isEmptyPattern(
  { path, budget }: Reading,
  conditions: readonly Condition[],
  length: { min: number; max: number },
): boolean {
  if (conditions.length === 0) return false
  try {
    return automatonOf(conditions, length, budget) === undefined
  } catch (error) {
    if (error instanceof Exhausted) return refuse(path, 'costs too much to hold')
    throw error
  }
}
