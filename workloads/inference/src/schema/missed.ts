import type { Budget } from './budget.ts'
import { type Following, followed, meets } from './meets.ts'
import type { Node, Schema } from './nodes.ts'
import { isObject } from './raw.ts'

/**
 * Where a value is not what a schema describes: the path of the keyword's schema, as its writer calls it; nothing where it
 * is. Throws `Exhausted` where telling it would cost too much.
 *
 * @example
 * ```ts
 * // sketch
 * missedBy({ a: 5 }, readSchema({ properties: { a: { maximum: 4 } } }, 'schema', 'refuse', budget), 'schema', budget)
 * // 'schema.properties.a'
 * ```
 */
export function missedBy(value: unknown, { root, definitions }: Schema, path: string, budget: Budget) {
  const context: Following = { follow: name => definitions.get(name)!, budget }
  return meets(value, root, context) ? undefined : missedAt(value, root, path, context)
}

/** The innermost place that is not met: where several could have been, the one that holds them. */
function missedAt(value: unknown, node: Node, at: string, context: Following): string {
  const here = 'at' in node && node.at !== '' ? node.at : at
  const fails = (one: unknown, other: Node): boolean => !meets(one, other, context)
  if (node.kind === 'ref') return followed(node, context, (target, inner) => missedAt(value, target, at, inner))
  if (node.kind === 'object' && isObject(value)) {
    for (const { name, node: own } of node.properties)
      if (Object.hasOwn(value, name) && fails(value[name], own))
        return missedAt(value[name], own, `${here}.properties.${name}`, context)
  }
  if (node.kind === 'array' && Array.isArray(value)) {
    for (const [i, one] of value.entries()) {
      const own = node.prefix[i] ?? node.items
      const path = node.prefix[i] ? `${here}.prefixItems.${i}` : `${here}.items`
      if (own && fails(one, own)) return missedAt(one, own, path, context)
    }
  }
  return here
}
