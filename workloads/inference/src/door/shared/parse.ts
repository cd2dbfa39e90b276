import { HeddleError } from '@heddle/protocol'
import type { z } from 'zod'

/** Absent, or null: what several clients send for "not set". */
export const optional = <T extends z.ZodType>(schema: T) => schema.nullish()

/** A field whose value cannot be. */
export const refuse = (param: string, why: string): HeddleError =>
  new HeddleError('bad_request', `${param} ${why}`, { cause: { param } })

/** A field that this API knows and nothing here can honour. */
export const unsupported = (param: string, why = 'is not supported'): HeddleError =>
  new HeddleError('unsupported_field', `the field "${param}" ${why}`, { cause: { param } })

type Issue = z.core.$ZodIssue

/**
 * Reads a request by its schema, once. What the schema does not name is refused, so that nothing is dropped silently.
 * Throws `unsupported_field` or `bad_request`, both with the field's name.
 */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const { success, data, error } = schema.safeParse(value)
  if (success) return data
  throw problemOf(deepest(error.issues[0]!, []))
}

function problemOf({ issue, path }: { issue: Issue; path: PropertyKey[] }): HeddleError {
  const at = pathOf(path)
  if (issue.code === 'unrecognized_keys') return unsupported([at, issue.keys[0]].filter(Boolean).join('.'))
  // A schema marks with `unsupported: true` what the API knows and this door does not have.
  if (issue.code === 'custom' && issue.params?.['unsupported']) return unsupported(at, issue.message)
  return refuse(at || 'body', issue.message)
}

/** Of a union, the alternative that came furthest: what the writer meant. */
function deepest(issue: Issue, before: readonly PropertyKey[]): { issue: Issue; path: PropertyKey[] } {
  const path = [...before, ...issue.path]
  if (issue.code !== 'invalid_union') return { issue, path }
  const inner = issue.errors
    .flatMap(issues => issues.slice(0, 1))
    .map(one => deepest(one, path))
    .filter(one => one.path.length > path.length || one.issue.code === 'unrecognized_keys')
  return inner.reduce((best, one) => (one.path.length > best.path.length ? one : best), inner[0] ?? { issue, path })
}

const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    return text ? `${text}.${String(key)}` : String(key)
  }, '')
