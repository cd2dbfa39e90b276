import { orderedEntries, orderedText } from '@heddle/protocol/ordered'
import { Refused } from '../engine/refused.ts'
import { automatonOf } from './automaton.ts'
import { type Budget, Exhausted } from './budget.ts'
import { formatConditions } from './formats.ts'
import { disjoint, intersect } from './intersect.ts'
import { meets } from './meets.ts'
import {
  ANY,
  either,
  type Node,
  type Notes,
  never,
  noted,
  type ObjectShape,
  type Schema,
  type StringShape,
} from './nodes.ts'
import { type Condition, PatternRefused, readPattern } from './pattern.ts'
import { isObject, type Raw, resolve } from './raw.ts'

/**
 * What happens at a keyword that cannot be held: a promised schema is refused; of a tool's parameters, which the model
 * reads as they are, it is passed over.
 */
export type Strictness = 'refuse' | 'relax'

/** Keywords that say nothing about which values are allowed. */
const NOTES = new Set([
  ...['title', 'description', 'default', 'examples', '$comment', 'deprecated', 'readOnly', 'writeOnly', '$schema'],
  ...['$id', 'id', '$anchor', '$defs', 'definitions', '$vocabulary', 'discriminator'],
])
const OF_TYPE: Readonly<Record<string, readonly string[]>> = {
  object: [
    ...['properties', 'required', 'additionalProperties', 'propertyNames', 'patternProperties', 'minProperties'],
    ...['maxProperties', 'dependentRequired', 'unevaluatedProperties'],
  ],
  array: ['items', 'prefixItems', 'additionalItems', 'unevaluatedItems', 'minItems', 'maxItems', 'uniqueItems'],
  string: ['minLength', 'maxLength', 'pattern', 'format', 'contentEncoding', 'contentMediaType', 'contentSchema'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  integer: [],
  boolean: [],
  null: [],
}
const TYPES = Object.keys(OF_TYPE)
const TYPED = new Set(Object.values(OF_TYPE).flat())
const COMBINING = new Set(['$ref', 'type', 'const', 'enum', 'anyOf', 'oneOf', 'allOf', 'not'])
/** Keywords that allow fewer values, in ways that nothing here can hold. */
const BEYOND = new Set([
  ...['if', 'then', 'else', 'dependentSchemas', 'dependencies', 'contains', 'minContains', 'maxContains'],
  ...['$dynamicRef', '$recursiveRef'],
])

/** Longest text of a note that is handed on, and most schemas within each other through references beside keywords. */
const MAX_NOTE = 16_384
const MAX_DEPTH = 128
export const MAX_COUNT = 10_000

/**
 * Reads a JSON schema (2020-12, with what drafts 4 to 7 wrote differently) that somebody sent: references are resolved
 * within it alone, regular expressions are parsed, every count is bounded. `path` is how its writer calls it.
 * Throws `Refused`: `unsupported_field` for what cannot be held, with the keyword's path, and `bad_request` for what is no schema.
 *
 * @example
 * ```ts
 * // sketch
 * readSchema({ type: 'integer', minimum: 1 }, 'format.schema', 'refuse', startBudget(400_000)).root // { kind: 'number', … }
 * ```
 */
export function readSchema(root: unknown, path: string, strictness: Strictness, budget: Budget): Schema {
  const names = new Map<object, string>()
  const targets = new Map<string, { raw: object; at: string }>()
  const waiting: { raw: object; at: string }[] = []
  const passed: string[] = []
  const patterns = new Map<string, readonly Condition[]>()
  let depth = 0

  const refuse = (at: string, why = 'is not supported'): never => {
    throw new Refused('unsupported_field', `${at} ${why}`, at)
  }
  const malformed = (at: string, why: string): never => {
    throw new Refused('bad_request', `${at} ${why}`, at)
  }
  /** Throws, or where that is allowed passes over a keyword. */
  const beyond = (at: string, why?: string): void => {
    if (strictness === 'refuse') refuse(at, why)
    passed.push(at)
  }

  function visit(raw: unknown, at: string): Node {
    budget.spend(8)
    if (++depth > MAX_DEPTH) refuse(at, 'refers to others too deep')
    try {
      return schemaAt(raw, at)
    } catch (error) {
      if (strictness === 'refuse' || !(error instanceof Refused) || at === path) throw error
      passed.push(error.param ?? at)
      return noted(ANY, isObject(raw) ? notesOf(raw) : undefined)
    } finally {
      depth--
    }
  }

  function schemaAt(given: unknown, at: string): Node {
    if (given === true) return ANY
    if (given === false) return never(at, 'allows no value')
    if (!isObject(given)) return malformed(at, 'must be a schema')
    const raw = told(given)
    for (const keyword of Object.keys(raw)) {
      if (BEYOND.has(keyword)) beyond(`${at}.${keyword}`)
      else if (!TYPED.has(keyword) && !COMBINING.has(keyword) && !NOTES.has(keyword)) passed.push(`${at}.${keyword}`)
    }
    const parts: Node[] = []
    if (raw['$ref'] !== undefined) parts.push(refer(raw, at))
    if (raw['const'] !== undefined) parts.push({ kind: 'literals', values: [raw['const']] })
    if (raw['enum'] !== undefined) parts.push({ kind: 'literals', values: listOf(raw['enum'], `${at}.enum`) })
    const types = typesOf(raw, at)
    if (types)
      parts.push(
        either(
          types.map(type => typed(type, raw, at)),
          at,
        ),
      )
    if (raw['anyOf'] !== undefined) parts.push(either(options(raw, 'anyOf', at), `${at}.anyOf`))
    if (raw['oneOf'] !== undefined) parts.push(oneOf(raw, at))
    if (raw['allOf'] !== undefined) parts.push(...options(raw, 'allOf', at))
    const [first = ANY, ...others] = parts
    const all = others.reduce((a, b) => intersect(a, b, { at, follow, budget }), first)
    return noted(raw['not'] === undefined ? all : without(all, raw['not'], `${at}.not`), notesOf(raw))
  }

  const options = (raw: Raw, keyword: string, at: string): Node[] =>
    listOf(raw[keyword], `${at}.${keyword}`).map((one, i) => visit(one, `${at}.${keyword}.${i}`))

  function oneOf(raw: Raw, at: string): Node {
    const all = options(raw, 'oneOf', at)
    // Read as "any of": where two can hold at once, nobody means that none may.
    if (all.some((a, i) => all.slice(i + 1).some(b => !disjoint(a, b, { at, follow, budget }))))
      passed.push(`${at}.oneOf`)
    return either(all, `${at}.oneOf`)
  }

  /** Of exclusions those that take away from a list of values, or everything. */
  function without(node: Node, raw: unknown, at: string): Node {
    const not = visit(raw, at)
    if (not.kind === 'never') return node
    if (not.kind === 'any') return never(at, 'allows no value')
    if (node.kind === 'literals' && not.kind === 'literals') {
      const out = not.values.map(one => JSON.stringify(one))
      const values = node.values.filter(one => !out.includes(JSON.stringify(one)))
      return values.length > 0 ? { ...node, values } : never(at, 'allows no value')
    }
    if (node.kind === 'either')
      return either(
        node.options.filter(({ kind }) => kind !== not.kind),
        at,
      )
    beyond(at)
    return node
  }

  function refer(raw: Raw, at: string): Node {
    const target = resolve(root, raw['$ref'])
    if (target === undefined) return refuse(`${at}.$ref`, 'must point into this schema')
    const where = `${path}${String(raw['$ref']).slice(1).replaceAll('/', '.')}`
    if (!isObject(target)) return visit(target, where)
    const name = names.get(target) ?? `d${names.size}`
    if (!names.has(target)) {
      names.set(target, name)
      targets.set(name, { raw: target, at: where })
      waiting.push({ raw: target, at: where })
    }
    return { kind: 'ref', to: name }
  }

  /** What a reference stands for, read where it is used: beside it stands what changes it. */
  function follow(name: string): Node {
    const { raw, at } = targets.get(name)!
    return visit(raw, at)
  }

  function typed(type: string, raw: Raw, at: string): Node {
    if (type === 'object') return objectAt(raw, at)
    if (type === 'array') return arrayAt(raw, at)
    if (type === 'string') return stringAt(raw, at)
    if (type === 'number' || type === 'integer') return numberAt(type, raw, at)
    return { kind: type as 'boolean' | 'null' }
  }

  function objectAt(raw: Raw, at: string): Node {
    const given = raw['properties'] ?? {}
    if (!isObject(given)) return malformed(`${at}.properties`, 'must be an object of schemas')
    const required = isEmpty(raw['required']) ? [] : textsOf(raw['required'], `${at}.required`)
    const also = dependents(raw, at)
    const needed = new Set(required)
    // Whoever needs another brings it along: then both are there, always.
    for (let before = -1; before < needed.size; ) {
      before = needed.size
      for (const name of needed) for (const other of also.get(name) ?? []) needed.add(other)
    }
    const entries = orderedEntries(given)
    for (const [name, others] of also) {
      if (needed.has(name) || !Object.hasOwn(given, name)) continue
      for (const other of others) needed.add(other)
    }
    const { more, keys, named, matching } = othersOf(raw, at)
    const meeting = { at, follow, budget }
    const nodeOf = (name: string, own: Node): Node => {
      if (named && !meets(name, named, meeting)) return never(`${at}.propertyNames`, `does not allow ${name}`)
      return matching && meets(name, matching.keys, meeting) ? intersect(own, matching.node, meeting) : own
    }
    const properties = entries.map(([name, schema]) => ({
      name,
      node: nodeOf(name, visit(schema, `${at}.properties.${name}`)),
      required: needed.has(name),
    }))
    for (const name of needed) {
      if (Object.hasOwn(given, name)) continue
      if (!more) return never(`${at}.required`, 'names a property that is not allowed')
      properties.push({ name, node: nodeOf(name, more), required: true })
    }
    const lost = properties.find(({ node, required: is }) => is && node.kind === 'never')
    if (lost) return lost.node
    const min = countOf(raw, 'minProperties', at) ?? 0
    const max = countOf(raw, 'maxProperties', at) ?? Number.POSITIVE_INFINITY
    if (max < min) return never(`${at}.maxProperties`, 'is below minProperties')
    const shape: ObjectShape = {
      kind: 'object',
      properties,
      ...(more && { more }),
      ...(keys && { keys }),
      min,
      max,
      at,
    }
    return shape
  }

  function dependents(raw: Raw, at: string): Map<string, string[]> {
    const given = raw['dependentRequired']
    if (given === undefined) return new Map()
    if (!isObject(given)) return malformed(`${at}.dependentRequired`, 'must be an object of lists')
    return new Map(
      orderedEntries(given).map(([name, list]) => [
        name,
        isEmpty(list) ? [] : textsOf(list, `${at}.dependentRequired.${name}`),
      ]),
    )
  }

  type Others = Pick<ObjectShape, 'more' | 'keys'> & { named?: Node; matching?: { keys: StringShape; node: Node } }

  /** What other properties may be, and how they may be called; how all are called, and what those of a pattern are. */
  function othersOf(raw: Raw, at: string): Others {
    // What stands beside it counts as evaluated; nothing is written beyond the named properties anyway.
    const combined = ['$ref', 'allOf', 'anyOf', 'oneOf'].some(keyword => raw[keyword] !== undefined)
    const own = raw['additionalProperties'] ?? (combined ? true : raw['unevaluatedProperties']) ?? true
    const keyword = raw['additionalProperties'] === undefined ? 'unevaluatedProperties' : 'additionalProperties'
    const patterns = raw['patternProperties']
    const named = raw['propertyNames'] === undefined ? undefined : visit(raw['propertyNames'], `${at}.propertyNames`)
    const more = own === false ? undefined : visit(own, `${at}.${keyword}`)
    const keys = named?.kind === 'string' ? named : undefined
    if (named && named.kind !== 'string' && named.kind !== 'any') beyond(`${at}.propertyNames`)
    const others = {
      ...(more && more.kind !== 'never' && { more }),
      ...(keys && { keys }),
      ...(named && { named }),
    }
    if (patterns === undefined) return others
    if (!isObject(patterns)) return malformed(`${at}.patternProperties`, 'must be an object of schemas')
    const [only, ...further] = orderedEntries(patterns)
    if (further.length > 0) beyond(`${at}.patternProperties`, 'has more than one pattern')
    if (!only) return others
    const node = visit(only[1], `${at}.patternProperties.${only[0]}`)
    const text = { kind: 'string', min: 0, max: Number.POSITIVE_INFINITY, formats: [], at } as const
    const matching: StringShape = { ...text, conditions: conditionsOf(only[0], `${at}.patternProperties`) }
    const both = keys ? { ...keys, conditions: [...keys.conditions, ...matching.conditions] } : matching
    return {
      ...(node.kind !== 'never' && { more: node, keys: both }),
      ...(named && { named }),
      matching: { keys: matching, node },
    }
  }

  function arrayAt(raw: Raw, at: string): Node {
    const min = countOf(raw, 'minItems', at) ?? 0
    const max = countOf(raw, 'maxItems', at) ?? Number.POSITIVE_INFINITY
    if (max < min) return never(`${at}.maxItems`, 'is below minItems')
    const old = Array.isArray(raw['items'])
    const list = old ? raw['items'] : raw['prefixItems']
    const keyword = old ? 'items' : 'prefixItems'
    const prefix = isEmpty(list)
      ? []
      : listOf(list, `${at}.${keyword}`).map((one, i) => visit(one, `${at}.${keyword}.${i}`))
    const after = (old ? raw['additionalItems'] : raw['items']) ?? raw['unevaluatedItems'] ?? true
    const rest = visit(after, `${at}.${old ? 'additionalItems' : 'items'}`)
    const lost = prefix.slice(0, min).find(({ kind }) => kind === 'never')
    if (lost) return lost
    if (rest.kind === 'never' && min > prefix.length) return rest
    // Of lists whose items are all different those of a few named values can be held.
    const unique = raw['uniqueItems'] === true && max > 1
    const items = unique ? listed(after, rest) : rest
    if (unique && (items.kind !== 'literals' || prefix.length > 0)) passed.push(`${at}.uniqueItems`)
    return { kind: 'array', prefix, ...(items.kind !== 'never' && { items }), min, max, unique, at }
  }

  /** Items that are a list of values, also where another place of the schema lists them. */
  function listed(raw: unknown, items: Node): Node {
    const target = isObject(raw) && items.kind === 'ref' ? resolve(root, raw['$ref']) : undefined
    return items.kind === 'ref' && isObject(target) && target['enum'] !== undefined ? follow(items.to) : items
  }

  function stringAt(raw: Raw, at: string): Node {
    const min = countOf(raw, 'minLength', at) ?? 0
    const max = countOf(raw, 'maxLength', at) ?? Number.POSITIVE_INFINITY
    if (max < min) return never(`${at}.maxLength`, 'is below minLength')
    for (const keyword of ['contentEncoding', 'contentMediaType', 'contentSchema'])
      if (raw[keyword] !== undefined) passed.push(`${at}.${keyword}`)
    const { pattern, format } = raw
    if (pattern !== undefined && typeof pattern !== 'string') return malformed(`${at}.pattern`, 'must be a text')
    const conditions = pattern === undefined ? [] : conditionsOf(pattern, `${at}.pattern`)
    const formats = typeof format === 'string' ? formatConditions(format) : undefined
    if (format !== undefined && !formats) passed.push(`${at}.format`)
    if (strictness === 'refuse' && isEmptyPattern(conditions, { min, max }))
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
  function isEmptyPattern(conditions: readonly Condition[], length: { min: number; max: number }): boolean {
    if (conditions.length === 0) return false
    try {
      return automatonOf(conditions, length, budget) === undefined
    } catch (error) {
      if (error instanceof Exhausted) return refuse(`${path}`, 'costs too much to hold')
      throw error
    }
  }

  /** A pattern that stands at many places is read once. */
  function conditionsOf(source: string, at: string): readonly Condition[] {
    try {
      const conditions = patterns.get(source) ?? readPattern(source, budget)
      patterns.set(source, conditions)
      return conditions
    } catch (error) {
      if (!(error instanceof PatternRefused)) throw error
      beyond(at, error.message)
      return []
    }
  }

  function numberAt(type: 'number' | 'integer', raw: Raw, at: string): Node {
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

  function countOf(raw: Raw, keyword: string, at: string): number | undefined {
    const count = raw[keyword]
    if (count === undefined) return undefined
    if (!Number.isSafeInteger(count) || (count as number) < 0)
      return malformed(`${at}.${keyword}`, 'must be a whole number')
    if ((count as number) <= MAX_COUNT) return count as number
    // Nobody's answer is so long that a larger maximum would hold anything.
    if (keyword.startsWith('max')) return Number.POSITIVE_INFINITY
    return refuse(`${at}.${keyword}`, `is above ${MAX_COUNT}`)
  }

  /** The types that are named; those whose keywords stand there; none where all of them are meant. */
  function typesOf(raw: Raw, at: string): string[] | undefined {
    const { type } = raw
    if (type === undefined) {
      const meant = TYPES.filter(one => OF_TYPE[one]!.some(keyword => raw[keyword] !== undefined))
      return meant.length > 0 ? meant : undefined
    }
    const types = Array.isArray(type) ? type : [type]
    if (types.length === 0 || types.length > TYPES.length || !types.every(one => TYPES.includes(one as string)))
      return malformed(`${at}.type`, `must be one of ${TYPES.join(', ')}`)
    return [...new Set(types as string[])]
  }

  const listOf = (list: unknown, at: string): unknown[] =>
    Array.isArray(list) && list.length > 0 ? list : malformed(at, 'must be a list')
  const textsOf = (list: unknown, at: string): string[] => {
    const texts = listOf(list, at)
    return texts.every(one => typeof one === 'string') ? texts : malformed(at, 'must be a list of texts')
  }

  /** What is never met cannot be promised; a tool is not described by it. */
  const meant = (node: Node): Node =>
    node.kind !== 'never' ? node : strictness === 'refuse' ? refuse(node.at, node.why) : ANY
  const node = meant(visit(root, path))
  const definitions = new Map<string, Node>()
  for (let next = waiting.shift(); next; next = waiting.shift())
    definitions.set(names.get(next.raw)!, meant(visit(next.raw, next.at)))
  const schema = { root: node, definitions, passed: [...new Set(passed)], size: orderedText(root).length }
  assertEnds(schema, refuse, path)
  return schema
}

const OBJECT: Node = { kind: 'object', properties: [], more: ANY, min: 0, max: Number.POSITIVE_INFINITY, at: '' }

/**
 * {@link readSchema} of a tool's arguments, which are always an object: of a schema that describes more, what is one.
 * Throws as it does; also `unsupported_field` where no object is described.
 */
export function readArguments(root: unknown, path: string, strictness: Strictness, budget: Budget): Schema {
  const schema = readSchema(root, path, strictness, budget)
  const follow = (name: string): Node => schema.definitions.get(name)!
  const object = intersect(schema.root, OBJECT, { at: path, follow, budget })
  if (object.kind === 'never') throw new Refused('unsupported_field', `${path}.type must be "object"`, `${path}.type`)
  return { ...schema, root: object }
}

/** That no reference comes back to itself without anything in between: no value could ever be whole. */
function assertEnds(
  { root, definitions }: Pick<Schema, 'root' | 'definitions'>,
  refuse: (at: string, why: string) => never,
  path: string,
) {
  const done = new Set<string>()
  function walk(node: Node, inside: ReadonlySet<string>): void {
    if (node.kind === 'either') for (const option of node.options) walk(option, inside)
    if (node.kind !== 'ref' || done.has(node.to)) return
    if (inside.has(node.to)) refuse(path, 'has a reference that only refers to itself')
    walk(definitions.get(node.to)!, new Set([...inside, node.to]))
    done.add(node.to)
  }
  for (const node of [root, ...definitions.values()]) walk(node, new Set())
}

const isEmpty = (list: unknown): boolean => list === undefined || (Array.isArray(list) && list.length === 0)

/** Without what is null: that says nothing, except as a constant. */
const told = (given: Raw): Raw =>
  Object.values(given).includes(null)
    ? Object.fromEntries(
        Object.entries(given).filter(
          ([keyword, value]) => value !== null || keyword === 'const' || keyword === 'default',
        ),
      )
    : given

function notesOf(raw: Raw): Notes | undefined {
  const text = (key: string) => {
    const value = raw[key]
    return typeof value === 'string' && value !== '' ? { [key]: value.slice(0, MAX_NOTE).toWellFormed() } : {}
  }
  const notes: Notes = {
    ...text('title'),
    ...text('description'),
    ...(raw['default'] !== undefined && { default: raw['default'] }),
    ...(Array.isArray(raw['examples']) && { examples: raw['examples'] }),
  }
  return Object.keys(notes).length > 0 ? notes : undefined
}
