import { HeddleError } from '@heddle/protocol'
import { z } from 'zod'
import { matters, saysNothing } from './matters.ts'

/** Absent, or null: what several clients send for "not set". */
export const optional = <T extends z.ZodType>(schema: T) => schema.nullish()

/** A field whose value cannot be. */
export const refuse = (param: string, why: string): HeddleError =>
  new HeddleError('bad_request', `${param} ${why}`, { cause: { param } })

/** More text than anything here reads: for a client the same as a context that is full, so that it asks with less. */
export const tooLong = (param: string, why: string): HeddleError =>
  new HeddleError('context_exceeded', `${param} ${why}`, { cause: { param } })

/** A field that this API knows, that matters, and that nothing here can honour. */
export const unsupported = (param: string, why = 'is not supported'): HeddleError =>
  new HeddleError('unsupported_field', `the field "${param}" ${why}`, { cause: { param } })

type Issue = z.core.$ZodIssue
type Found = { issue: Issue; path: readonly PropertyKey[] }

/** Reads a value by the schema that it looks like: what is wrong inside is then said of its own place. */
export const pick = <T>(choose: (value: unknown) => z.ZodType<T>) =>
  z.unknown().transform((value, context): T => {
    const result = choose(value).safeParse(value)
    if (result.success) return result.data
    pass(result.error.issues, value, context)
    return z.NEVER
  })

/** What somebody sent as the name of something: only a text is one, and whatever else is sent is never made into one. */
export const nameIn = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A text, or a list of parts. */
export const textOr = <A, B>(text: z.ZodType<A>, parts: z.ZodType<B>, error: string) =>
  pick<A | B>(value =>
    typeof value === 'string' ? text : Array.isArray(value) ? parts : (z.never(error) as z.ZodType<A>),
  )

/** A field that only hints: a value that the schema does not know is passed over, and named. */
export const hint = <T>(schema: z.ZodType<T>) =>
  z
    .unknown()
    .transform((value, context): T | null | undefined => {
      if (value === null || value === undefined) return value
      const result = schema.safeParse(value)
      if (result.success) return result.data
      const inner = result.error.issues.flatMap(issue => flat(issue))
      if (inner.every(({ issue }) => issue.code === 'unrecognized_keys' || isHint(issue)))
        pass(result.error.issues, value, context)
      else context.addIssue({ code: 'custom', message: 'is not known', params: { hint: true } })
      return z.NEVER
    })
    .optional()

/** A field that changes the answer, and that nothing here can honour, unless it says nothing. */
export const refused = (why?: string) =>
  z
    .unknown()
    .superRefine((value, context) => {
      if (!saysNothing(value))
        context.addIssue({ code: 'custom', message: why ?? 'is not supported', params: { unsupported: true } })
    })
    .optional()

/** Says of a value what its own schema said of it. Unknown names alone would let what follows work with no value. */
function pass(issues: readonly Issue[], value: unknown, context: { issues: z.core.$ZodRawIssue[] }): void {
  for (const issue of issues) context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue)
  context.issues.push({ code: 'custom', message: '', params: { aside: true }, input: value })
}
const isAside = (issue: Issue): boolean => issue.code === 'custom' && issue.params?.['aside'] === true

const isHint = (issue: Issue): boolean => issue.code === 'custom' && issue.params?.['hint'] === true

/** A request as its schema reads it, and what was passed over on the way: the client's own paths. */
export type Read<T> = { request: T; unused: string[] }

/** Each reading passes over everything that it meets; only what was hidden behind it needs another. */
const MOST_READINGS = 16

/**
 * Reads a request by its schema: strict where meaning is at stake, tolerant where it is not, silent never. `null` is the
 * same as leaving a field out. What the schema does not name is passed over and named, unless the answer or its price
 * would be another with it ({@link matters}). Throws `unsupported_field` or `bad_request`, both with the field's name.
 *
 * @example
 * ```ts
 * // sketch
 * parse(schema, { model: 'toy', metadata: { a: 'b' } }).unused // ['metadata']
 * ```
 */
export function parse<T>(schema: z.ZodType<T>, value: unknown): Read<T> {
  const unused: string[] = []
  const sieve = startSieve(value)
  for (let reading = 1; ; reading++) {
    const result = schema.safeParse(sieve.value())
    if (result.success) return { request: result.data, unused }
    const found = result.error.issues.flatMap(issue => flat(issue))
    const left = found.flatMap(one => passOver(one, sieve, unused))
    if (left.length > 0 || reading === MOST_READINGS) throw left[0] ?? problemOf(found[0]!)
  }
}

/** Takes what an issue is about out of the request, where it can be done without; else says what is wrong. */
function passOver({ issue, path }: Found, sieve: Sieve, unused: string[]): HeddleError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.flatMap(key => {
      const place = [...path, key]
      const value = sieve.at(place)
      if (matters(place, value)) return [unsupported(pathOf(place))]
      if (value !== null && !matters(place, MEANT)) unused.push(pathOf(place))
      sieve.drop(place)
      return []
    })
  }
  const isMember = typeof path.at(-1) === 'string'
  if (isMember && sieve.at(path) === null) {
    sieve.drop(path)
    return []
  }
  if (!isHint(issue) || !isMember) return [problemOf({ issue, path })]
  unused.push(pathOf(path))
  sieve.drop(path)
  return []
}

/** A value that is never one that says nothing. */
const MEANT = Symbol('meant')

type Sieve = ReturnType<typeof startSieve>
type Container = Record<PropertyKey, unknown>

/** A value from which members are taken out; what it was made from stays whole. */
function startSieve(original: unknown) {
  const copies = new Set<unknown>()
  const root: Container = { value: original }
  const copyOf = (parent: Container, key: PropertyKey): Container | undefined => {
    const value = parent[key]
    if (typeof value !== 'object' || value === null) return undefined
    if (copies.has(value)) return value as Container
    const copy = Array.isArray(value) ? [...value] : { ...value }
    copies.add(copy)
    parent[key] = copy
    return copy as Container
  }
  return {
    value: () => root['value'],
    at: (path: readonly PropertyKey[]): unknown =>
      path.reduce<unknown>(
        (value, key) => (typeof value === 'object' && value !== null ? (value as Container)[key] : undefined),
        root['value'],
      ),
    drop(path: readonly PropertyKey[]): void {
      let holder = copyOf(root, 'value')
      for (const key of path.slice(0, -1)) holder = holder && copyOf(holder, key)
      if (holder) delete holder[path.at(-1)!]
    },
  }
}

function problemOf({ issue, path }: Found): HeddleError {
  const at = pathOf(path)
  // A schema marks with `unsupported: true` what the API knows and this door does not have.
  if (issue.code === 'custom' && issue.params?.['unsupported']) return unsupported(at, issue.message)
  if (issue.code === 'custom' && issue.params?.['tooLong']) return tooLong(at, issue.message)
  return refuse(at || 'body', issue.message)
}

/** An issue with its whole path; of a union those of the alternative that came furthest: what the writer meant. */
function flat(issue: Issue, before: readonly PropertyKey[] = []): Found[] {
  if (isAside(issue)) return []
  const path = [...before, ...issue.path]
  if (issue.code !== 'invalid_union') return [{ issue, path }]
  const alternatives = issue.errors.map(issues => issues.flatMap(one => flat(one, path)))
  const [best] = alternatives
    .filter(found => found.some(one => one.path.length > path.length || one.issue.code === 'unrecognized_keys'))
    .sort((a, b) => depthOf(b) - depthOf(a))
  return best ?? [{ issue, path }]
}

const depthOf = (found: readonly Found[]): number => Math.max(...found.map(({ path }) => path.length))

/** A place in a request as its writer would write it: `messages[0].content[1].text`. */
const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    return text ? `${text}.${String(key)}` : String(key)
  }, '')
