import { type Node, never } from './nodes.ts'
import { isObject, type Raw, resolve } from './raw.ts'
import { countOf, isEmpty, listOf, type Reading } from './reading.ts'

/** A list: its first items, and all others. */
export function arrayAt(reading: Reading, raw: Raw, at: string): Node {
  const { visit, pass } = reading
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
  const items = unique ? listed(reading, after, rest) : rest
  if (unique && (items.kind !== 'literals' || prefix.length > 0)) pass(`${at}.uniqueItems`)
  return { kind: 'array', prefix, ...(items.kind !== 'never' && { items }), min, max, unique, at }
}

/** Items that are a list of values, also where another place of the schema lists them. */
function listed({ root, follow }: Reading, raw: unknown, items: Node): Node {
  const target = isObject(raw) && items.kind === 'ref' ? resolve(root, raw['$ref']) : undefined
  return items.kind === 'ref' && isObject(target) && target['enum'] !== undefined ? follow(items.to) : items
}
