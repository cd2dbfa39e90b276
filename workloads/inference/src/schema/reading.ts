import { Refused } from '../engine/refused.ts'
import type { Budget } from './budget.ts'
import type { Node } from './nodes.ts'
import type { Condition } from './pattern.ts'
import type { Raw } from './raw.ts'

/**
 * What happens at a keyword that cannot be held: a promised schema is refused; of a tool's parameters, which the model
 * reads as they are, it is passed over.
 */
export type Strictness = 'refuse' | 'relax'

/** What the reader of one kind of value needs of the whole that it stands in. */
export type Reading = Readonly<{
  /** The whole schema, and how its writer calls it. */
  root: unknown
  path: string
  strictness: Strictness
  budget: Budget
  /** Reads a schema that stands inside. */
  visit(raw: unknown, at: string): Node
  /** What a reference stands for. */
  follow(name: string): Node
  /** A pattern, read once however often it stands there. */
  conditionsOf(source: string, at: string): readonly Condition[]
  /** A keyword that is not held, and changes no answer much. */
  pass(at: string): void
  /** A keyword that cannot be held: throws, or where that is allowed passes over it. */
  beyond(at: string, why?: string): void
}>

export const MAX_COUNT = 10_000

export const refuse = (at: string, why = 'is not supported'): never => {
  throw new Refused('unsupported_field', `${at} ${why}`, at)
}

export const malformed = (at: string, why: string): never => {
  throw new Refused('bad_request', `${at} ${why}`, at)
}

export function countOf(raw: Raw, keyword: string, at: string): number | undefined {
  const count = raw[keyword]
  if (count === undefined) return undefined
  if (!Number.isSafeInteger(count) || (count as number) < 0)
    return malformed(`${at}.${keyword}`, 'must be a whole number')
  if ((count as number) <= MAX_COUNT) return count as number
  // Nobody's answer is so long that a larger maximum would hold anything.
  if (keyword.startsWith('max')) return Number.POSITIVE_INFINITY
  return refuse(`${at}.${keyword}`, `is above ${MAX_COUNT}`)
}

export const listOf = (list: unknown, at: string): unknown[] =>
  Array.isArray(list) && list.length > 0 ? list : malformed(at, 'must be a list')
export const textsOf = (list: unknown, at: string): string[] => {
  const texts = listOf(list, at)
  return texts.every(one => typeof one === 'string') ? texts : malformed(at, 'must be a list of texts')
}

export const isEmpty = (list: unknown): boolean => list === undefined || (Array.isArray(list) && list.length === 0)
