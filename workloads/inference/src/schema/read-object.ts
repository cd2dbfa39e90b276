import { orderedEntries } from '@heddle/protocol/ordered'
import { intersect } from './intersect.ts'
import { meets } from './meets.ts'
import { type Node, never, type ObjectShape, type StringShape } from './nodes.ts'
import { isObject, type Raw } from './raw.ts'
import { countOf, isEmpty, malformed, type Reading, textsOf } from './reading.ts'

/** An object: its properties, and what others may be and be called. */
export function objectAt(reading: Reading, raw: Raw, at: string): Node {
  const { visit, follow, budget } = reading
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
  const { more, keys, named, matching } = othersOf(reading, raw, at)
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
function othersOf({ visit, beyond, conditionsOf }: Reading, raw: Raw, at: string): Others {
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
