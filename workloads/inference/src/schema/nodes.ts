import type { Condition } from './pattern.ts'

/**
 * A JSON schema as it is understood here: every value that a node describes is described by what was read, and all of it
 * is bounded. From nodes an engine's own form is written: a grammar, or another schema.
 */
export type Schema = {
  root: Node
  /** What is referred to by name, in the order of its first mention. */
  definitions: ReadonlyMap<string, Node>
  /** Paths of what was passed over: it describes, or asks for what no engine can promise. */
  passed: readonly string[]
  /** Characters of what was read, as JSON: what is written from it is bounded by it. */
  size: number
}

/** What only tells the reader of a schema what is meant. */
export type Notes = { title?: string; description?: string; default?: unknown; examples?: readonly unknown[] }

export type Node = Shape & { notes?: Notes }

export type Shape =
  | { kind: 'any' }
  /** No value at all; `at` says where that was found. */
  | { kind: 'never'; at: string; why: string }
  | { kind: 'literals'; values: readonly unknown[] }
  | { kind: 'null' }
  | { kind: 'boolean' }
  | NumberShape
  | StringShape
  | ArrayShape
  | ObjectShape
  | { kind: 'either'; options: readonly Node[] }
  | { kind: 'ref'; to: string }

export type Bound = { value: number; exclusive: boolean }
export type NumberShape = {
  kind: 'number'
  /** Integers alone. */
  whole: boolean
  min?: Bound
  max?: Bound
  /** A multiple of it. */
  step?: number
  at: string
}

export type StringShape = {
  kind: 'string'
  /** In characters. */
  min: number
  max: number
  conditions: readonly Condition[]
  /** The name of a format, for who reads it; what it demands stands in `formats`. */
  format?: string
  formats: readonly Condition[]
  at: string
}

export type ArrayShape = {
  kind: 'array'
  prefix: readonly Node[]
  /** Of all that follow; absent: nothing follows. */
  items?: Node
  min: number
  max: number
  unique: boolean
  at: string
}

/** One that no value meets, and that is not required, must not be there. */
export type Property = { name: string; node: Node; required: boolean }
export type ObjectShape = {
  kind: 'object'
  properties: readonly Property[]
  /** Of all other properties; absent: there are none. */
  more?: Node
  /** What the names of other properties must be. */
  keys?: StringShape
  min: number
  max: number
  at: string
}

/** What is made of each kind of node. */
export type ByKind<T> = { [K in Shape['kind']]: (node: Extract<Shape, { kind: K }>) => T }

/** Makes of a node what its kind wants. */
export const madeOf = <T>(node: Node, by: ByKind<T>): T => (by[node.kind] as (one: Node) => T)(node)

export const ANY: Node = { kind: 'any' }
export const never = (at: string, why: string): Node => ({ kind: 'never', at, why })

/** One of these; what no value meets is left out. */
export function either(options: readonly Node[], at: string): Node {
  const flat = options.flatMap(one => (one.kind === 'either' && !one.notes ? one.options : [one]))
  const left = flat.filter(({ kind }) => kind !== 'never')
  if (left.length === 0) return flat[0] ?? never(at, 'allows no value')
  return left.length === 1 ? left[0]! : { kind: 'either', options: left }
}

/** The same with words about it, before its own. */
export const noted = (node: Node, notes: Notes | undefined): Node =>
  notes ? { ...node, notes: { ...node.notes, ...notes } } : node
