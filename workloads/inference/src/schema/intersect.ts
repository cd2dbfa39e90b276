import { type Following, followed, meets } from './meets.ts'
import {
  type ArrayShape,
  type Bound,
  either,
  type Node,
  type NumberShape,
  never,
  noted,
  type ObjectShape,
  type Property,
  type StringShape,
} from './nodes.ts'

/** Where two schemas meet, and how a reference is followed. */
export type Meeting = Following & { at: string }

/** Most pairs of alternatives that are looked at one by one. */
const COST = 20

/** What both describe. */
export function intersect(a: Node, b: Node, meeting: Meeting): Node {
  const { at, budget } = meeting
  budget.spend(COST)
  const notes = a.notes || b.notes ? { ...b.notes, ...a.notes } : undefined
  if (a.kind === 'any') return noted(b, notes)
  if (b.kind === 'any') return noted(a, notes)
  if (a.kind === 'never') return a
  if (b.kind === 'never') return b
  if (a.kind === 'ref' && b.kind === 'ref' && a.to === b.to) return noted(a, notes)
  if (a.kind === 'ref')
    return noted(
      followed(a, meeting, (target, inner) => intersect(target, b, { ...inner, at })),
      notes,
    )
  if (b.kind === 'ref')
    return noted(
      followed(b, meeting, (target, inner) => intersect(a, target, { ...inner, at })),
      notes,
    )
  if (a.kind === 'either')
    return noted(
      either(
        a.options.map(one => intersect(one, b, meeting)),
        at,
      ),
      notes,
    )
  if (b.kind === 'either')
    return noted(
      either(
        b.options.map(one => intersect(a, one, meeting)),
        at,
      ),
      notes,
    )
  if (a.kind === 'literals' || b.kind === 'literals') {
    const [list, other] = a.kind === 'literals' ? [a.values, b] : [b.kind === 'literals' ? b.values : [], a]
    const values = list.filter(value => meets(value, other, meeting))
    return values.length > 0 ? noted({ kind: 'literals', values }, notes) : never(at, 'allows no value')
  }
  if (a.kind !== b.kind) return never(at, 'allows no value: its types differ')
  return noted(shared(a, b, meeting), notes)
}

function shared(a: Node, b: Node, meeting: Meeting): Node {
  if (a.kind === 'number' && b.kind === 'number') return numbers(a, b)
  if (a.kind === 'string' && b.kind === 'string') return strings(a, b)
  if (a.kind === 'array' && b.kind === 'array') return arrays(a, b, meeting)
  if (a.kind === 'object' && b.kind === 'object') return objects(a, b, meeting)
  return a
}

function numbers(a: NumberShape, b: NumberShape): Node {
  const min = tighter(a.min, b.min, (x, y) => x > y)
  const max = tighter(a.max, b.max, (x, y) => x < y)
  const steps = [a.step, b.step].filter(step => step !== undefined)
  const [large = 0, small = 0] = [Math.max(...steps), Math.min(...steps)]
  if (steps.length === 2 && large % small !== 0)
    return never(a.at, 'has two steps of which none is a multiple of the other')
  const step = steps.length > 0 ? { step: large } : {}
  return { kind: 'number', whole: a.whole || b.whole, ...(min && { min }), ...(max && { max }), ...step, at: a.at }
}

function tighter(
  a: Bound | undefined,
  b: Bound | undefined,
  beyond: (x: number, y: number) => boolean,
): Bound | undefined {
  if (!a || !b) return a ?? b
  if (a.value === b.value) return { value: a.value, exclusive: a.exclusive || b.exclusive }
  return beyond(a.value, b.value) ? a : b
}

function strings(a: StringShape, b: StringShape): Node {
  const [min, max] = [Math.max(a.min, b.min), Math.min(a.max, b.max)]
  if (max < min) return never(a.at, 'allows no length')
  const format = a.format ?? b.format
  return {
    kind: 'string',
    min,
    max,
    conditions: [...a.conditions, ...b.conditions],
    formats: [...a.formats, ...b.formats],
    ...(format !== undefined && { format }),
    at: a.at,
  }
}

function arrays(a: ArrayShape, b: ArrayShape, meeting: Meeting): Node {
  const [min, max] = [Math.max(a.min, b.min), Math.min(a.max, b.max)]
  if (max < min) return never(a.at, 'allows no number of items')
  const itemOf = (list: ArrayShape, i: number): Node =>
    list.prefix[i] ?? list.items ?? never(list.at, 'allows no item here')
  const prefix = Array.from({ length: Math.max(a.prefix.length, b.prefix.length) }, (_, i) =>
    intersect(itemOf(a, i), itemOf(b, i), meeting),
  )
  const lost = prefix.findIndex(({ kind }) => kind === 'never')
  if (lost >= 0 && lost < min) return prefix[lost]!
  const kept = lost >= 0 ? prefix.slice(0, lost) : prefix
  const items = lost >= 0 || !a.items || !b.items ? undefined : intersect(a.items, b.items, meeting)
  const rest = items?.kind === 'never' ? undefined : items
  if (!rest && min > kept.length) return never(a.at, 'allows too few items')
  const { items: _, ...own } = a
  return { ...own, prefix: kept, ...(rest && { items: rest }), min, max, unique: a.unique || b.unique }
}

function objects(a: ObjectShape, b: ObjectShape, meeting: Meeting): Node {
  const { budget } = meeting
  const names = [...new Set([...a.properties, ...b.properties].map(({ name }) => name))]
  // Each name is looked for among all.
  budget.spend((names.length * (a.properties.length + b.properties.length)) / 100)
  const propertyOf = (shape: ObjectShape, name: string): Property | undefined => {
    const own = shape.properties.find(one => one.name === name)
    if (own || !shape.more) return own
    return shape.keys && !meets(name, shape.keys, meeting) ? undefined : { name, node: shape.more, required: false }
  }
  const properties: Property[] = []
  for (const name of names) {
    const [one, other] = [propertyOf(a, name), propertyOf(b, name)]
    const required = [a, b].some(({ properties: own }) => own.some(it => it.name === name && it.required))
    const node =
      one && other
        ? intersect(one.node, other.node, meeting)
        : never(`${meeting.at}.properties.${name}`, 'is not allowed')
    if (node.kind === 'never' && required) return node
    properties.push({ name, node, required })
  }
  const more = a.more && b.more ? intersect(a.more, b.more, meeting) : undefined
  const [min, max] = [Math.max(a.min, b.min), Math.min(a.max, b.max)]
  if (max < min) return never(a.at, 'allows no number of properties')
  const keys = a.keys && b.keys ? strings(a.keys, b.keys) : (a.keys ?? b.keys)
  if (keys?.kind === 'never') return keys
  return {
    kind: 'object',
    properties,
    ...(more && more.kind !== 'never' && { more }),
    ...(keys && { keys: keys as StringShape }),
    min,
    max,
    at: a.at,
  }
}

/** Whether it is plain that no value meets both: other types, other constants, or another constant of a property that both need. */
export function disjoint(a: Node, b: Node, meeting: Meeting): boolean {
  const { at, budget } = meeting
  budget.spend(COST)
  if (a.kind === 'never' || b.kind === 'never') return true
  if (a.kind === 'any' || b.kind === 'any') return false
  if (a.kind === 'ref') return followed(a, meeting, (target, inner) => disjoint(target, b, { ...inner, at }))
  if (b.kind === 'ref') return followed(b, meeting, (target, inner) => disjoint(a, target, { ...inner, at }))
  if (a.kind === 'either') return a.options.every(one => disjoint(one, b, meeting))
  if (b.kind === 'either') return b.options.every(one => disjoint(a, one, meeting))
  if (a.kind === 'literals') return !a.values.some(value => meets(value, b, meeting))
  if (b.kind === 'literals') return !b.values.some(value => meets(value, a, meeting))
  if (a.kind !== b.kind) return true
  if (a.kind !== 'object' || b.kind !== 'object') return false
  budget.spend((a.properties.length * b.properties.length) / 100)
  return a.properties.some(({ name, node, required }) => {
    const other = b.properties.find(one => one.name === name)
    if (!required || !other?.required) return false
    const told = [node, other.node].map(one => (one.kind === 'ref' ? followed(one, meeting, target => target) : one))
    return told.every(({ kind }) => kind === 'literals') && disjoint(told[0]!, told[1]!, meeting)
  })
}
