import { accepts, automatonOf } from './automaton.ts'
import { type Budget, Exhausted } from './budget.ts'
import type { Node, NumberShape, ObjectShape } from './nodes.ts'
import { isObject } from './raw.ts'

/** How a reference is followed, and how often one was on the way here. */
export type Following = { follow(name: string): Node; budget: Budget; depth?: number }

const MAX_FOLLOWED = 64

/** Goes on with what a reference stands for. Throws `Exhausted` where that leads round and round. */
export function followed<T>({ to }: { to: string }, context: Following, go: (target: Node, inner: Following) => T): T {
  const depth = (context.depth ?? 0) + 1
  if (depth > MAX_FOLLOWED) throw new Exhausted()
  return go(context.follow(to), { ...context, depth })
}

/** Whether a value is what a node describes. Throws `Exhausted` where telling it would cost too much. */
export function meets(value: unknown, node: Node, context: Following): boolean {
  const { budget } = context
  budget.spend(1)
  const is = (one: unknown, other: Node): boolean => meets(one, other, context)
  switch (node.kind) {
    case 'any':
      return true
    case 'never':
      return false
    case 'ref':
      return followed(node, context, (target, inner) => meets(value, target, inner))
    case 'either':
      return node.options.some(option => is(value, option))
    case 'literals':
      budget.spend(node.values.length / 50)
      return node.values.some(one => sameJson(one, value))
    case 'null':
      return value === null
    case 'boolean':
      return typeof value === 'boolean'
    case 'number':
      return typeof value === 'number' && inRange(value, node)
    case 'string': {
      if (typeof value !== 'string') return false
      const length = [...value].length
      if (length < node.min || length > node.max) return false
      const conditions = [...node.conditions, ...node.formats]
      return conditions.length === 0 || accepts(automatonOf(conditions, {}, budget), value, budget)
    }
    case 'array': {
      if (!Array.isArray(value) || value.length < node.min || value.length > node.max) return false
      if (node.unique && new Set(value.map(one => JSON.stringify(one))).size < value.length) return false
      return value.every((one, i) => {
        const item = node.prefix[i] ?? node.items
        return item !== undefined && is(one, item)
      })
    }
    case 'object':
      if (isObject(value)) budget.spend((Object.keys(value).length * node.properties.length) / 100)
      return isObject(value) && isIn(value, node, is)
  }
}

function isIn(value: Record<string, unknown>, node: ObjectShape, is: (one: unknown, other: Node) => boolean): boolean {
  const names = Object.keys(value)
  if (names.length < node.min || names.length > node.max) return false
  if (node.properties.some(({ name, required }) => required && !Object.hasOwn(value, name))) return false
  return names.every(name => {
    const own = node.properties.find(one => one.name === name)
    if (own) return is(value[name], own.node)
    return node.more !== undefined && (!node.keys || is(name, node.keys)) && is(value[name], node.more)
  })
}

function inRange(value: number, { whole, min, max, step }: NumberShape): boolean {
  if (whole && !Number.isInteger(value)) return false
  if (min && (min.exclusive ? value <= min.value : value < min.value)) return false
  if (max && (max.exclusive ? value >= max.value : value > max.value)) return false
  // Steps like 0.01 have no exact double: what is nearest to a multiple is one.
  return step === undefined || Math.abs(value / step - Math.round(value / step)) < 1e-9
}

const sameJson = (a: unknown, b: unknown): boolean => {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, i) => sameJson(one, b[i]))
  if (isObject(a) && isObject(b)) {
    const names = Object.keys(a)
    return (
      names.length === Object.keys(b).length &&
      names.every(name => Object.hasOwn(b, name) && sameJson(a[name], b[name]))
    )
  }
  return a === b
}
