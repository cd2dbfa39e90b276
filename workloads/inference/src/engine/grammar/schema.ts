import { orderedEntries } from '@heddle/protocol/ordered'
import { MAX_SCHEMA_BYTES } from '../../limits.ts'
import { Refused } from '../refused.ts'
import { disjoint, isSchema, resolve, type Schema } from './nodes.ts'
import { integers, numbers, type Range } from './numbers.ts'
import { either, literal, type Rules } from './rules.ts'
import { COLON, COMMA, FORMATS, STRING, terminals } from './terminals.ts'

/**
 * What happens at a keyword that the grammar cannot hold: a promised schema is refused; of a tool's parameters, which
 * the model reads as they are, it is left out.
 */
export type Strictness = 'refuse' | 'relax'

/** Keywords that say nothing about which values are allowed. */
const NOTES = new Set(
  [
    'title',
    'description',
    'default',
    'examples',
    '$comment',
    'deprecated',
    'readOnly',
    'writeOnly',
    '$schema',
    '$id',
  ].concat(['$anchor', '$defs', 'definitions']),
)
const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  object: ['properties', 'required', 'additionalProperties'],
  array: ['items', 'prefixItems', 'minItems', 'maxItems'],
  string: ['minLength', 'maxLength', 'format'],
  number: ['minimum', 'maximum', 'multipleOf'],
  integer: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  boolean: [],
  null: [],
}
const TYPES = Object.keys(KEYWORDS)

/** All repetitions of one schema together; more makes a grammar that costs too much memory. */
const MAX_REPEATS = 10_000

/**
 * The grammar's body for JSON that satisfies a schema. Every value it lets through satisfies the schema; it may let
 * through fewer: properties in the order of the schema, no properties beyond the named ones, integers of 15 digits,
 * strings without `\u` escapes. Source: JSON Schema 2020-12.
 *
 * Throws `Refused` (`unsupported_field`, its `param` the path of the keyword) for what the grammar cannot hold, when
 * `strictness` is `refuse`, and `bad_request` for what is no schema.
 *
 * @example
 * ```ts
 * // sketch
 * const rules = startRules()
 * rules.text(schemaRule({ type: 'object', properties: { age: { type: 'integer' } } }, 'format.schema', 'refuse', rules))
 * ```
 */
export function schemaRule(root: unknown, path: string, strictness: Strictness, rules: Rules): string {
  const { value, object, array } = terminals(rules)
  const string = rules.define(STRING)
  const references = new Map<unknown, { name: string; inside: boolean }>()
  let repeats = 0

  const refuse = (at: string, why = 'is not supported by this engine'): never => {
    throw new Refused('unsupported_field', `${at} ${why}`, at)
  }
  const malformed = (at: string, why: string): never => {
    throw new Refused('bad_request', `${at} ${why}`, at)
  }
  /** Strict: throws. Else the keyword is not held, and what stands here instead is given. */
  const beyond = (at: string, instead: string): string => (strictness === 'relax' ? instead : refuse(at))

  function visit(node: unknown, at: string): string {
    if (node === true) return value
    if (node === false) return refuse(at, 'allows no value')
    if (!isSchema(node)) return malformed(at, 'must be a schema')
    const known = keywordsOf(node)
    for (const keyword of Object.keys(node))
      if (!known.has(keyword) && !NOTES.has(keyword)) beyond(`${at}.${keyword}`, '')
    if ('$ref' in node) return refer(node['$ref'], `${at}.$ref`)
    if ('const' in node) return literal(JSON.stringify(node['const']))
    if ('enum' in node) return enumeration(node, at)
    if ('anyOf' in node)
      return either(listOf(node['anyOf'], `${at}.anyOf`).map((one, i) => visit(one, `${at}.anyOf.${i}`)))
    if ('oneOf' in node) return oneOf(node, at)
    if ('allOf' in node) return allOf(node, at)
    const types = typesOf(node, at)
    return types.length === 0 ? value : either(types.map(type => typed(type, node, at)))
  }

  /** A rule of its own, which may refer to itself: for what is referred to by name. */
  function refer(reference: unknown, at: string): string {
    const target = resolve(root, reference)
    if (target === undefined) return refuse(at, 'must point into this schema')
    const known = references.get(target)
    if (known?.inside) return refuse(at, 'refers to itself')
    if (known) return known.name
    const rule = rules.reserve()
    const entry = { name: rule.name, inside: true }
    references.set(target, entry)
    rule.define(visit(target, `${path}${String(reference).slice(1).replaceAll('/', '.')}`))
    entry.inside = false
    return rule.name
  }

  /** What stands within brackets or after a name: there a reference to what is being defined is no endless loop. */
  function within(node: unknown, at: string): string {
    const open = [...references.values()].filter(entry => entry.inside)
    for (const entry of open) entry.inside = false
    const body = visit(node, at)
    for (const entry of open) entry.inside = true
    return rules.define(body)
  }

  function enumeration(node: Schema, at: string): string {
    const types = typesOf({ type: node['type'] }, at)
    const values = listOf(node['enum'], `${at}.enum`).filter(
      one => types.length === 0 || types.some(type => isOf(one, type)),
    )
    if (values.length === 0) return refuse(`${at}.enum`, 'allows no value')
    return either(values.map(one => literal(JSON.stringify(one))))
  }

  function oneOf(node: Schema, at: string): string {
    const options = listOf(node['oneOf'], `${at}.oneOf`).map(one => follow(one))
    const clear = options.every((a, i) => options.slice(i + 1).every(b => disjoint(a, b, follow)))
    if (!clear && strictness === 'refuse')
      return refuse(`${at}.oneOf`, 'must have options that differ in type, or in a required constant; use anyOf')
    return either(options.map((one, i) => visit(one, `${at}.oneOf.${i}`)))
  }

  function allOf(node: Schema, at: string): string {
    const parts = listOf(node['allOf'], `${at}.allOf`)
    return parts.length === 1 ? visit(parts[0], `${at}.allOf.0`) : beyond(`${at}.allOf`, value)
  }

  const follow = (node: unknown): unknown =>
    isSchema(node) && typeof node['$ref'] === 'string' ? resolve(root, node['$ref']) : node

  function typed(type: string, node: Schema, at: string): string {
    if (type === 'object') return objectOf(node, at)
    if (type === 'array') return arrayOf(node, at)
    if (type === 'string') return stringOf(node, at)
    if (type === 'number' || type === 'integer') return numberOf(type, node, at)
    return type === 'boolean' ? '("true" | "false")' : '"null"'
  }

  function objectOf(node: Schema, at: string): string {
    const properties = node['properties'] ?? {}
    if (!isSchema(properties)) return malformed(`${at}.properties`, 'must be an object of schemas')
    const required = isEmpty(node['required']) ? [] : listOf(node['required'], `${at}.required`)
    const more = node['additionalProperties']
    const names = [
      ...orderedEntries(properties).map(([name]) => name),
      ...required.filter(name => !Object.hasOwn(properties, name as string)),
    ].map(String)
    if (names.length === 0) {
      if (more === undefined || more === true) return object
      if (more === false) return '"{}"'
      const pair = rules.define(`${string} ${COLON} ${within(more, `${at}.additionalProperties`)}`)
      return `"{" (${pair} (${COMMA} ${pair})*)? "}"`
    }
    if (more === false && names.length > Object.keys(properties).length)
      return refuse(`${at}.required`, 'names a property that is not allowed')
    const pairs = names.map(name => {
      const schema = Object.hasOwn(properties, name) ? properties[name] : isSchema(more) ? more : true
      return `${literal(JSON.stringify(name))} ${COLON} ${within(schema, `${at}.properties.${name}`)}`
    })
    return `"{" ${pairsInOrder(
      pairs,
      names.map(name => required.includes(name)),
    )} "}"`
  }

  /** Pairs in their order, those that are not required left out or not, with commas between them. */
  function pairsInOrder(pairs: readonly string[], required: readonly boolean[]): string {
    let tail = ''
    const tails: string[] = []
    for (let i = pairs.length - 1; i >= 0; i--) {
      tails[i] = tail
      const one = `${COMMA} ${pairs[i]}`
      tail = rules.define(`${required[i] ? one : `(${one})?`} ${tail}`.trim())
    }
    const last = required.indexOf(true)
    const firsts = pairs.slice(0, last < 0 ? pairs.length : last + 1).map((pair, i) => `${pair} ${tails[i]}`)
    return last < 0 ? `(${firsts.join(' | ')})?` : either(firsts)
  }

  function arrayOf(node: Schema, at: string): string {
    const min = countOf(node, 'minItems', at) ?? 0
    const max = countOf(node, 'maxItems', at)
    if (max !== undefined && max < min) return refuse(`${at}.maxItems`, 'is below minItems')
    if (node['prefixItems'] !== undefined) {
      const items = listOf(node['prefixItems'], `${at}.prefixItems`)
      if (items.length < min || items.length > (max ?? items.length)) return beyond(`${at}.prefixItems`, array)
      return `"[" ${items.map((one, i) => within(one, `${at}.prefixItems.${i}`)).join(` ${COMMA} `)} "]"`
    }
    if (node['items'] === false) return min === 0 ? '"[]"' : refuse(`${at}.items`, 'allows no value')
    if (max === 0) return '"[]"'
    const item = node['items'] === undefined ? value : within(node['items'], `${at}.items`)
    repeats += max ?? min
    if (repeats > MAX_REPEATS) return refuse(at, `repeats more than ${MAX_REPEATS} times`)
    const rest = `(${COMMA} ${item}){${Math.max(0, min - 1)},${max === undefined ? '' : max - 1}}`
    return min === 0 ? `"[" (${item} ${rest})? "]"` : `"[" ${item} ${rest} "]"`
  }

  function stringOf(node: Schema, at: string): string {
    const min = countOf(node, 'minLength', at)
    const max = countOf(node, 'maxLength', at)
    const format = node['format']
    if (format !== undefined) {
      const body = typeof format === 'string' && Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined
      if (body && min === undefined && max === undefined) return `"\\"" ${body} "\\""`
      beyond(`${at}.format`, '')
    }
    if (min === undefined && max === undefined) return string
    if (max !== undefined && max < (min ?? 0)) return refuse(`${at}.maxLength`, 'is below minLength')
    repeats += max ?? min ?? 0
    if (repeats > MAX_REPEATS) return refuse(at, `repeats more than ${MAX_REPEATS} times`)
    return STRING.replace('*', `{${min ?? 0},${max ?? ''}}`)
  }

  function numberOf(type: 'number' | 'integer', node: Schema, at: string): string {
    const whole = type === 'integer' || node['multipleOf'] === 1
    if (node['multipleOf'] !== undefined && node['multipleOf'] !== 1) beyond(`${at}.multipleOf`, '')
    const range: Range = { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY }
    const bound = (keyword: string): number | undefined => {
      const limit = node[keyword]
      if (limit === undefined) return undefined
      if (typeof limit !== 'number' || !Number.isFinite(limit)) return malformed(`${at}.${keyword}`, 'must be a number')
      if (whole || Number.isInteger(limit)) return limit
      beyond(`${at}.${keyword}`, '')
      return undefined
    }
    const [min, max] = [bound('minimum'), bound('maximum')]
    if (min !== undefined) range.min = Math.ceil(min)
    if (max !== undefined) range.max = Math.floor(max)
    if (whole) {
      const [above, below] = [bound('exclusiveMinimum'), bound('exclusiveMaximum')]
      if (above !== undefined) range.min = Math.max(range.min, Math.floor(above) + 1)
      if (below !== undefined) range.max = Math.min(range.max, Math.ceil(below) - 1)
    }
    if (range.min > range.max || range.min > 1e15 || range.max < -1e15) return refuse(at, 'allows no number')
    return whole ? integers(range) : numbers(range)
  }

  const countOf = (node: Schema, keyword: string, at: string): number | undefined => {
    const count = node[keyword]
    if (count === undefined) return undefined
    if (!Number.isSafeInteger(count) || (count as number) < 0)
      return malformed(`${at}.${keyword}`, 'must be a whole number')
    return count as number
  }

  function typesOf(node: Schema, at: string): string[] {
    const { type } = node
    if (type === undefined)
      return TYPES.filter(one => one !== 'number' && KEYWORDS[one]!.some(keyword => keyword in node)).slice(0, 1)
    const types = Array.isArray(type) ? type : [type]
    if (types.length === 0 || !types.every(one => TYPES.includes(one as string)))
      return malformed(`${at}.type`, `must be one of ${TYPES.join(', ')}`)
    return types as string[]
  }

  function keywordsOf(node: Schema): Set<string> {
    for (const keyword of ['$ref', 'const', 'anyOf', 'oneOf', 'allOf']) if (keyword in node) return new Set([keyword])
    if ('enum' in node) return new Set(['enum', 'type'])
    const types = Array.isArray(node['type']) ? node['type'] : node['type'] === undefined ? TYPES : [node['type']]
    return new Set(['type', ...types.flatMap(type => KEYWORDS[String(type)] ?? [])])
  }

  return visit(root, path)

  function listOf(list: unknown, at: string): unknown[] {
    return Array.isArray(list) && list.length > 0 && list.length <= MAX_SCHEMA_BYTES
      ? list
      : malformed(at, 'must be a list')
  }
}

const isEmpty = (list: unknown): boolean => list === undefined || (Array.isArray(list) && list.length === 0)

const isOf = (value: unknown, type: string): boolean => {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'integer') return Number.isInteger(value)
  return type === 'object' ? isSchema(value) : typeof value === type
}
