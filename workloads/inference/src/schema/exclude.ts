import { disjoint, type Meeting } from './intersect.ts'
import { followed, meets } from './meets.ts'
import { either, type Node, never, noted } from './nodes.ts'

/**
 * What a schema describes and another does not: exactly that, or nothing where it cannot be told. Values of a list are
 * looked at one by one; of types a whole one goes, or none.
 *
 * @example
 * ```ts
 * // sketch
 * exclude({ kind: 'literals', values: ['a', 1] }, text, meeting) // { kind: 'literals', values: [1] }
 * exclude(text, { kind: 'literals', values: ['a'] }, meeting) // undefined: every text but one
 * ```
 */
export function exclude(node: Node, not: Node, meeting: Meeting): Node | undefined {
  const nothing = never(meeting.at, 'allows no value')
  if (node.kind === 'never' || not.kind === 'never') return node
  if (not.kind === 'any') return nothing
  if (node.kind === 'literals') {
    const values = node.values.filter(value => !meets(value, not, meeting))
    return values.length > 0 ? { ...node, values } : nothing
  }
  if (node.kind === 'either') {
    const left = node.options.map(option => exclude(option, not, meeting))
    return left.includes(undefined) ? undefined : noted(either(left as Node[], meeting.at), node.notes)
  }
  if (disjoint(node, not, meeting)) return node
  return covers(not, node, meeting) ? nothing : undefined
}

/** Whether one schema describes all that another does: as far as can be seen, since it is about a whole type. */
function covers(all: Node, node: Node, meeting: Meeting): boolean {
  if (all.kind === 'ref')
    return followed(all, meeting, (target, inner) => covers(target, node, { ...inner, at: meeting.at }))
  if (all.kind === 'either') return all.options.some(option => covers(option, node, meeting))
  if (all.kind !== node.kind) return false
  if (all.kind === 'number') return !all.min && !all.max && !all.step && (!all.whole || (node as typeof all).whole)
  if (all.kind === 'string')
    return all.min === 0 && all.max === Number.POSITIVE_INFINITY && all.conditions.length + all.formats.length === 0
  if (all.kind === 'array')
    return all.prefix.length === 0 && all.items?.kind === 'any' && isUncounted(all) && !all.unique
  if (all.kind === 'object')
    return all.properties.length === 0 && all.more?.kind === 'any' && !all.keys && isUncounted(all)
  return all.kind === 'null' || all.kind === 'boolean'
}

const isUncounted = ({ min, max }: { min: number; max: number }): boolean =>
  min === 0 && max === Number.POSITIVE_INFINITY
