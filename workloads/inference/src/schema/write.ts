import { orderedObject, orderedText } from '@heddle/protocol/ordered'
import { Refused } from '../engine/refused.ts'
import { type Budget, Exhausted } from './budget.ts'
import { type Characters, intersection } from './characters.ts'
import {
  type ArrayShape,
  type Bound,
  type ByKind,
  madeOf,
  type Node,
  type NumberShape,
  type ObjectShape,
  type Property,
  type Schema,
  type StringShape,
} from './nodes.ts'
import type { Condition, Pattern } from './pattern.ts'

/**
 * What a schema is written for. `hold`: the engine holds an answer to it. `tell`: it stands before the model, words and
 * all, and the engine may hold a call to it. `both`: it stands there, and is a promise.
 */
export type Purpose = 'hold' | 'tell' | 'both'

/** A schema in the words that every engine understands alike, and the paths of what these words do not hold. */
export type Written = { schema: Record<string, unknown>; lost: readonly string[] }

/** Repetitions that engines take; above it they answer with an error, or take seconds. */
const MAX_TIMES = 256
/** Most that a bound of an integer can be: 15 digits. */
const MOST = 999_999_999_999_999
/** Characters and groups of one pattern, repetitions written out. */
const MAX_PATTERN = 1_000
/** Intervals of its classes, repetitions written out: an engine writes out each. */
const MAX_INTERVALS = 50_000
/** Most that is written of a schema: characters, and so many times what was read. A value counts as so many at least. */
const ROOM = 16_384
const GROWTH = 8
const NODE = 20
const ALL_TYPES = ['object', 'array', 'string', 'number', 'boolean', 'null']

/** What may stand in a pattern for an engine: without the two characters that would end its string, or escape. */
const PLAIN: Characters = [
  [0x20, 0x21],
  [0x23, 0x5b],
  [0x5d, 0x7e],
  [0xa0, 0xd7ff],
  [0xe000, 0x10ffff],
]

/**
 * Writes a schema anew, from what was read of it: an engine's parser sees keywords that it is known to live with, in the
 * forms that it is known to read, and nothing of the text that somebody sent but names, values and notes. Throws
 * `Exhausted` where that would be far longer than what was sent.
 *
 * @example
 * ```ts
 * // sketch
 * writeSchema(readSchema({ type: 'string', format: 'date' }, 'format.schema', 'refuse', budget), 'hold', budget).schema
 * // { type: 'string', pattern: '^([0-9]{4}…)$' }
 * ```
 */
export function writeSchema({ root, definitions, size }: Schema, purpose: Purpose, budget: Budget): Written {
  const lost: string[] = []
  const classes = new Map<Characters, Class>()
  let room = ROOM + size * GROWTH
  // What the model reads is paid by what was sent: patterns that add more to it than that are left out.
  let toldRoom = size
  const put = (characters: number): void => {
    room -= characters
    budget.spend(characters / 10)
    if (room < 0) throw new Exhausted()
  }
  const lose = (at: string): void => void lost.push(at)

  function write(node: Node): Record<string, unknown> {
    put(NODE)
    const entries = Object.entries(madeOf(node, shapes))
    if (purpose !== 'hold' && node.notes) put(orderedText(node.notes).length)
    const { title, description, default: value, examples } = purpose !== 'hold' ? (node.notes ?? {}) : {}
    return orderedObject([
      ...entries,
      ...Object.entries({ title, description, default: value, examples }).filter(([, one]) => one !== undefined),
    ])
  }

  const shapes: ByKind<Record<string, unknown>> = {
    // Of a schema without a type engines make an object.
    any: () => ({ type: ALL_TYPES }),
    never({ at, why }) {
      throw new Refused('unsupported_field', `${at} ${why}`, at)
    },
    literals({ values }) {
      put(orderedText(values).length)
      return { ...(values.every(one => typeof one === 'string') && { type: 'string' }), enum: [...values] }
    },
    null: ({ kind }) => ({ type: kind }),
    boolean: ({ kind }) => ({ type: kind }),
    number: numberOf,
    string: stringOf,
    array: arrayOf,
    object: objectOf,
    either: ({ options }) => ({ anyOf: options.map(write) }),
    ref: ({ to }) => ({ $ref: `#/$defs/${to}` }),
  }

  function numberOf({ whole, min, max, step, at }: NumberShape): Record<string, unknown> {
    if (step !== undefined && !(whole && step === 1)) lose(`${at}.multipleOf`)
    if (whole) {
      const low = min && Math.max(-MOST, min.exclusive ? Math.floor(min.value) + 1 : Math.ceil(min.value))
      const high = max && Math.min(MOST, max.exclusive ? Math.ceil(max.value) - 1 : Math.floor(max.value))
      return { type: 'integer', ...(min && { minimum: low }), ...(max && { maximum: high }) }
    }
    if (min || max) lose(at)
    const bound = (name: string, strict: string, one: Bound | undefined) =>
      one && { [one.exclusive ? strict : name]: one.value }
    return {
      type: 'number',
      ...bound('minimum', 'exclusiveMinimum', min),
      ...bound('maximum', 'exclusiveMaximum', max),
      ...(purpose !== 'hold' && step !== undefined && { multipleOf: step }),
    }
  }

  function stringOf({ min, max, conditions, formats, format, at }: StringShape): Record<string, unknown> {
    // What looks ahead stands before the pattern itself.
    const first = conditions.findLast(one => !one.not) ?? formats[0]
    const others = [...conditions, ...formats].filter(one => one !== first)
    const pattern = first && written(first)
    const bounded = min > 0 || max !== Number.POSITIVE_INFINITY
    if ((first || others.length > 0) && (pattern === undefined || others.length > 0 || bounded)) lose(at)
    const told = purpose !== 'hold' && format !== undefined ? { format } : {}
    // Beside a pattern an engine holds no length; a format it may not know, so that it stands there as a pattern.
    if (pattern !== undefined) return { type: 'string', pattern, ...told }
    return {
      type: 'string',
      ...told,
      ...(min > 0 && { minLength: capped(min, at) }),
      ...most('maxLength', max, at),
    }
  }
  /** The text of a pattern; undefined where it cannot be written, or is more than anybody has room for. */
  function written({ pattern, not }: Condition): string | undefined {
    if (not) return undefined
    const { pieces, intervals, characters } = sizeOf(pattern, classOf)
    if (pieces > MAX_PATTERN || intervals > MAX_INTERVALS || characters > (purpose === 'tell' ? toldRoom : room))
      return undefined
    const text = textOf(pattern, classOf)
    if (!text) return undefined
    put(text.length)
    toldRoom -= Buffer.byteLength(text)
    return `^${text}$`
  }
  function classOf(set: Characters): Class {
    const known = classes.get(set)
    budget.spend(known ? 0.2 : set.length / 2)
    const found = known ?? writeClass(set)
    classes.set(set, found)
    return found
  }

  function capped(count: number, at: string): number {
    if (count > MAX_TIMES) lose(at)
    return Math.min(count, MAX_TIMES)
  }
  function most(keyword: string, count: number, at: string): Record<string, number> {
    if (count <= MAX_TIMES) return { [keyword]: count }
    if (count !== Number.POSITIVE_INFINITY) lose(at)
    return {}
  }

  function arrayOf({ prefix, items, min, max, unique, at }: ArrayShape): Record<string, unknown> {
    if (unique) lose(`${at}.uniqueItems`)
    if (prefix.length > 0 && max > 0) {
      // Engines hold a list with first items to exactly these.
      const more = items
        ? Array.from({ length: Math.min(MAX_TIMES, Math.max(0, min - prefix.length)) }, () => items)
        : []
      const all = [...prefix.slice(0, max), ...more].map(write)
      if (all.length < min) lose(at)
      return { type: 'array', prefixItems: all, minItems: all.length, maxItems: all.length }
    }
    if (!items || max === 0) return { type: 'array', items: { type: 'null' }, minItems: 0, maxItems: 0 }
    return {
      type: 'array',
      items: write(items),
      ...(min > 0 && { minItems: capped(min, at) }),
      ...most('maxItems', max, at),
    }
  }

  function objectOf({ properties, more, keys, min, max, at }: ObjectShape): Record<string, unknown> {
    // Engines take a property of this name for a reference, wherever it stands.
    const named = properties.filter(({ name }) => name !== '$ref')
    if (named.length < properties.length) {
      const path = `${at}.properties.$ref`
      if (purpose === 'hold') throw new Refused('unsupported_field', `${path} cannot be held by this engine`, path)
      lose(path)
    }
    const own = fitted(named, min, max)
    if (own.length === 0) {
      if (keys && more) lose(`${at}.propertyNames`)
      if (min > 0 || max !== Number.POSITIVE_INFINITY) lose(`${at}.minProperties`)
      if (!more || properties.length > 0 || max === 0)
        return { type: 'object', properties: {}, additionalProperties: false }
      return { type: 'object', ...(more.kind !== 'any' && { additionalProperties: write(more) }) }
    }
    if (own.length < min) lose(`${at}.minProperties`)
    if (own.length > max) lose(`${at}.maxProperties`)
    const required = own.filter(one => one.required).map(({ name }) => name)
    put(own.reduce((sum, { name }) => sum + name.length + 8, 0))
    return {
      type: 'object',
      properties: orderedObject(own.map(({ name, node }) => [name, write(node)])),
      ...(required.length > 0 && { required }),
      // Beyond the named properties nothing is held, and so nothing is allowed.
      ...((purpose === 'hold' || !more) && { additionalProperties: false }),
    }
  }

  const schema = write(root)
  if (definitions.size > 0)
    schema['$defs'] = Object.fromEntries([...definitions].map(([name, node]) => [name, write(node)]))
  return { schema, lost }
}

/** Named properties that can be there; of those that may be left out, as many as the bounds want. */
export function fitted(properties: readonly Property[], min: number, max: number): Property[] {
  const possible = properties.filter(({ node }) => node.kind !== 'never')
  let needed = possible.filter(({ required }) => required).length
  const all = possible.map(one => {
    if (one.required || needed >= min) return one
    needed++
    return { ...one, required: true }
  })
  let room = max - needed
  return all.filter(({ required }) => required || room-- > 0)
}

/** A class as engines read it; empty where nothing of it can be written. */
type Class = { text: string; intervals: number }

function writeClass(set: Characters): Class {
  const plain = intersection(set, PLAIN)
  const inside = plain.map(([from, to]) => (from === to ? codeOf(from) : `${codeOf(from)}-${codeOf(to)}`)).join('')
  return { text: inside && `[${inside}]`, intervals: plain.length }
}

/**
 * A pattern in what all engines read alike: classes, groups and counts. Empty where nothing can be written; undefined
 * where something cannot.
 */
function textOf(pattern: Pattern, classOf: (set: Characters) => Class): string | undefined {
  if (pattern.kind === 'one') {
    return classOf(pattern.of).text || undefined
  }
  if (pattern.kind === 'all') {
    const parts = pattern.parts.map(one => textOf(one, classOf))
    return parts.includes(undefined) ? undefined : parts.join('')
  }
  if (pattern.kind === 'either') {
    const options = pattern.options.map(one => textOf(one, classOf))
    if (options.includes(undefined)) return undefined
    const some = options.filter(one => one !== '')
    if (some.length === 0) return ''
    return some.length < options.length ? `(${some.join('|')})?` : `(${some.join('|')})`
  }
  const { body, min, max } = pattern
  if (max === 0) return ''
  const one = textOf(body, classOf)
  // What can be nothing, any number of times, makes parsers go round and round.
  if (one === undefined || (one !== '' && isNullable(body))) return undefined
  if (one === '') return ''
  const atom = body.kind === 'one' ? one : `(${one})`
  if (max === Number.POSITIVE_INFINITY) return min > 1 ? `${atom}{${min},}` : `${atom}${min === 1 ? '+' : '*'}`
  return `${atom}{${min},${max}}`
}

function isNullable(pattern: Pattern): boolean {
  if (pattern.kind === 'one') return false
  if (pattern.kind === 'all') return pattern.parts.every(isNullable)
  if (pattern.kind === 'either') return pattern.options.some(isNullable)
  return pattern.min === 0 || isNullable(pattern.body)
}

/** Pieces and intervals of a pattern, repetitions written out, and the characters of its text, where they are not. */
type Size = { pieces: number; intervals: number; characters: number }

function sizeOf(pattern: Pattern, classOf: (set: Characters) => Class): Size {
  if (pattern.kind === 'one') {
    const { text, intervals } = classOf(pattern.of)
    return { pieces: 1, intervals, characters: text.length }
  }
  if (pattern.kind === 'repeat') {
    const { pieces, intervals, characters } = sizeOf(pattern.body, classOf)
    const times = Math.max(1, pattern.min, pattern.max === Number.POSITIVE_INFINITY ? 1 : pattern.max)
    return { pieces: pieces * times, intervals: intervals * times, characters: characters + 8 }
  }
  const parts = pattern.kind === 'all' ? pattern.parts : pattern.options
  const own = pattern.kind === 'all' ? 0 : 1
  const sum = { pieces: 0, intervals: 0, characters: 2 }
  for (const part of parts) {
    const { pieces, intervals, characters } = sizeOf(part, classOf)
    sum.pieces += pieces + own
    sum.intervals += intervals
    sum.characters += characters + own
  }
  return sum
}

/** A character of a class: what could mean something there by its number. */
const codeOf = (code: number): string =>
  code <= 0x7e && !/[A-Za-z0-9]/.test(String.fromCodePoint(code))
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : String.fromCodePoint(code)
