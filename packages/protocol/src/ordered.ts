/**
 * JSON whose members keep the order in which they were written. JavaScript puts names that look like list positions
 * ("1", "20") first, whatever the text said; where a text has such names, the order is remembered beside the object.
 */
const orders = new WeakMap<object, readonly string[]>()

/** A member's name that JavaScript would move: an array index, or one written with escapes, which may be one. */
const MOVED = /"(?:0|[1-9][0-9]*|[0-9]*\\u003[0-9][^"]*)"\s*:/

/**
 * `JSON.parse`, except that {@link orderedEntries} and {@link orderedText} give an object's members in the text's order.
 * The text's nesting must be bounded before ({@link nestsDeeper}). Throws `SyntaxError` for what is no JSON.
 *
 * @example
 * ```ts
 * import { orderedText, parseOrdered } from '@heddle/protocol'
 * orderedText(parseOrdered('{"b":1,"2":2}')) // '{"b":1,"2":2}'
 * ```
 */
export function parseOrdered(text: string): unknown {
  const value: unknown = JSON.parse(text)
  return MOVED.test(text) ? startReader(text)() : value
}

/** The members of an object in the order of the text that it was parsed from, or of their making. */
export function orderedEntries(value: object): [string, unknown][] {
  const names = orders.get(value) ?? Object.keys(value)
  return names.map(name => [name, (value as Record<string, unknown>)[name]])
}

/** An object with these members in this order; of two with one name the last counts, at the place of the first. */
export function orderedObject(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const value: Record<string, unknown> = {}
  for (const [name, member] of entries)
    Object.defineProperty(value, name, { value: member, enumerable: true, writable: true, configurable: true })
  const names = [...new Set(entries.map(([name]) => name))]
  if (Object.keys(value).some((name, i) => name !== names[i])) orders.set(value, names)
  return value
}

/** `JSON.stringify` with the members of every object in the order of {@link orderedEntries}. */
export function orderedText(value: unknown): string {
  return isMoved(value) ? write(value) : JSON.stringify(value)
}

const isMoved = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && (orders.has(value) || Object.values(value).some(isMoved))

function write(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`
  const members = orderedEntries(value).filter(([, member]) => member !== undefined)
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`).join(',')}}`
}

/** Reads a text that is known to be JSON. */
function startReader(text: string): () => unknown {
  let at = 0
  const token = /\s*("[^"\\]*(?:\\.[^"\\]*)*"|[^\s"{}[\],:]+|[{}[\],:])/y
  const next = (): string => {
    token.lastIndex = at
    const [, found = ''] = token.exec(text) ?? []
    at = token.lastIndex
    return found
  }
  function list(): unknown[] {
    const items: unknown[] = []
    for (let first = next(); first !== ']'; first = next()) items.push(value(first === ',' ? next() : first))
    return items
  }
  function object(): unknown {
    const entries: [string, unknown][] = []
    for (let first = next(); first !== '}'; first = next()) {
      const name = first === ',' ? next() : first
      next()
      entries.push([JSON.parse(name) as string, value(next())])
    }
    return orderedObject(entries)
  }
  const value = (first: string): unknown =>
    first === '{' ? object() : first === '[' ? list() : (JSON.parse(first) as unknown)
  return () => value(next())
}
