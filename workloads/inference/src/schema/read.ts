import { orderedText } from '@heddle/protocol/ordered'
import { Refused } from '../engine/refused.ts'
import type { Budget } from './budget.ts'
import { exclude } from './exclude.ts'
import { disjoint, intersect } from './intersect.ts'
import { BEYOND, COMBINING, NOTES, TYPED, typesOf } from './keywords.ts'
import { ANY, either, type Node, type Notes, never, noted, type Schema } from './nodes.ts'
import { type Condition, PatternRefused, readPattern } from './pattern.ts'
import { isObject, type Raw, resolve } from './raw.ts'
import { arrayAt } from './read-array.ts'
import { numberAt } from './read-number.ts'
import { objectAt } from './read-object.ts'
import { stringAt } from './read-string.ts'
import { listOf, malformed, type Reading, refuse, type Strictness } from './reading.ts'

/** Longest text of a note that is handed on, and most schemas within each other through references beside keywords. */
const MAX_NOTE = 16_384
const MAX_DEPTH = 128

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

  /** Throws, or where that is allowed passes over a keyword. */
  const beyond = (at: string, why?: string): void => {
    if (strictness === 'refuse') refuse(at, why)
    passed.push(at)
  }

  const pass = (at: string): void => void passed.push(at)
  const reading: Reading = { root, path, strictness, budget, visit, follow, conditionsOf, pass, beyond }

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

  /** Of exclusions those that take away from lists of values, and whole types. */
  function without(node: Node, raw: unknown, at: string): Node {
    const left = exclude(node, visit(raw, at), { at, follow, budget })
    if (left === undefined) beyond(at)
    return left ?? node
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
    if (type === 'object') return objectAt(reading, raw, at)
    if (type === 'array') return arrayAt(reading, raw, at)
    if (type === 'string') return stringAt(reading, raw, at)
    if (type === 'number' || type === 'integer') return numberAt(type, raw, at)
    return { kind: type as 'boolean' | 'null' }
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

  /** What is never met cannot be promised; a tool is not described by it. */
  const meant = (node: Node): Node =>
    node.kind !== 'never' ? node : strictness === 'refuse' ? refuse(node.at, node.why) : ANY
  const node = meant(visit(root, path))
  const definitions = new Map<string, Node>()
  for (let next = waiting.shift(); next; next = waiting.shift())
    definitions.set(names.get(next.raw)!, meant(visit(next.raw, next.at)))
  const schema = { root: node, definitions, passed: [...new Set(passed)], size: orderedText(root).length }
  assertEnds(schema, path)
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
function assertEnds({ root, definitions }: Pick<Schema, 'root' | 'definitions'>, path: string): void {
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
