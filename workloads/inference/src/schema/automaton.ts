import { type Budget, Exhausted } from './budget.ts'
import { type Characters, classesOf, union } from './characters.ts'
import type { Condition, Pattern } from './pattern.ts'

/** A machine that reads a text character by character: at most one way on from each state, and none is a dead end. */
export type Automaton = { states: readonly State[] }
export type State = { ends: boolean; edges: readonly { on: Characters; to: number }[] }

/** States of one machine; its grammar has a rule for each. */
const MAX_STATES = 4_096

/**
 * The machine of all texts that meet every condition and have a length (in characters) between two bounds; its first
 * state is where it begins. Undefined when no text does. Throws `Exhausted` when it would be too large: a condition is
 * a regular expression of a stranger, and some short ones have no small machine.
 */
export function automatonOf(
  conditions: readonly Condition[],
  { min = 0, max = Number.POSITIVE_INFINITY }: { min?: number; max?: number },
  budget: Budget,
): Automaton | undefined {
  const sets = [...new Set(conditions.flatMap(({ pattern }) => setsIn(pattern)))]
  const { classes, members } = classesOf(sets, budget)
  const classNumbers = new Map(sets.map((set, i) => [set, members[i]!]))
  const readers = conditions.map(({ pattern, not }) => startReader(pattern, not, classNumbers, classes.length, budget))
  // Above the last length that a bound tells apart, all lengths are one.
  const lengths = max === Number.POSITIVE_INFINITY ? min : max

  const numbers = new Map<string, number>()
  const states: { at: number[]; length: number; ends: boolean; next: number[] }[] = []
  function stateOf(at: number[], length: number): number {
    const key = `${at.join()},${length}`
    const known = numbers.get(key)
    if (known !== undefined) return known
    if (states.length >= MAX_STATES) throw new Exhausted()
    budget.spend(10)
    numbers.set(key, states.length)
    const ends = length >= min && at.every((state, i) => readers[i]!.ends(state))
    states.push({ at, length, ends, next: [] })
    return states.length - 1
  }
  stateOf(
    readers.map(() => 0),
    0,
  )
  for (let i = 0; i < states.length; i++) {
    const { at, length, next } = states[i]!
    if (length >= max) continue
    for (let one = 0; one < classes.length; one++) {
      budget.spend(1)
      const to = at.map((state, n) => readers[n]!.next(state, one))
      if (to.some(state => state < 0)) continue
      next[one] = stateOf(to, Math.min(length + 1, lengths))
    }
  }
  return trimmed(states, classes, budget)
}

/** Whether a machine reads a text to its end. */
export function accepts(machine: Automaton | undefined, text: string, budget?: Budget): boolean {
  let at = 0
  if (!machine) return false
  for (const character of text) {
    const code = character.codePointAt(0)!
    const { edges } = machine.states[at]!
    budget?.spend(edges.reduce((sum, { on }) => sum + on.length, 1) / 100)
    const edge = edges.find(({ on }) => on.some(([from, to]) => from <= code && code <= to))
    if (!edge) return false
    at = edge.to
  }
  return machine.states[at]!.ends
}

/** Without dead ends, and with one edge for all characters that lead to the same state. */
function trimmed(
  states: readonly { ends: boolean; next: readonly number[] }[],
  classes: readonly Characters[],
  budget: Budget,
): Automaton | undefined {
  const before: number[][] = states.map(() => [])
  states.forEach(({ next }, i) => {
    next.forEach(to => {
      before[to]!.push(i)
    })
  })
  const alive = states.map(({ ends }) => ends)
  const left = states.flatMap(({ ends }, i) => (ends ? [i] : []))
  for (let i = left.pop(); i !== undefined; i = left.pop()) {
    for (const from of before[i]!) {
      if (alive[from]) continue
      alive[from] = true
      left.push(from)
    }
  }
  if (!alive[0]) return undefined
  // The same classes make the same set, so that it is put together, and written, once.
  const joined = new Map<string, Characters>()
  const joinedOf = (some: readonly number[]): Characters => {
    const key = some.join()
    const known = joined.get(key)
    if (known) return known
    const sets = some.map(one => classes[one]!)
    budget.spend(sets.reduce((sum, one) => sum + one.length, 1) / 5)
    const set = union(...sets)
    joined.set(key, set)
    return set
  }
  const numbers = new Map<number, number>()
  for (const [i, is] of alive.entries()) if (is) numbers.set(i, numbers.size)
  return {
    states: [...numbers.keys()].map(i => {
      const { ends, next } = states[i]!
      const on = new Map<number, number[]>()
      next.forEach((to, one) => {
        const number = numbers.get(to)
        if (number === undefined) return
        const some = on.get(number)
        if (some) some.push(one)
        else on.set(number, [one])
      })
      return { ends, edges: [...on].map(([to, some]) => ({ on: joinedOf(some), to })) }
    }),
  }
}

function setsIn(pattern: Pattern): Characters[] {
  if (pattern.kind === 'one') return [pattern.of]
  if (pattern.kind === 'repeat') return setsIn(pattern.body)
  return (pattern.kind === 'all' ? pattern.parts : pattern.options).flatMap(setsIn)
}

/** Reads by one condition, state by state as they are needed. State 0 is the first; below 0 nothing can follow. */
type Reader = { next(state: number, one: number): number; ends(state: number): boolean }

function startReader(
  pattern: Pattern,
  not: boolean,
  classNumbers: ReadonlyMap<Characters, readonly number[]>,
  classCount: number,
  budget: Budget,
): Reader {
  const { places, first, last } = networkOf(pattern, classNumbers, classCount, budget)
  const numbers = new Map<string, number>()
  const states: { places: number[]; next: (number | undefined)[] }[] = []

  /** All places that can be reached without a character. */
  function closure(from: readonly number[]): number[] {
    const seen = new Set<number>()
    const left = [...from]
    for (let place = left.pop(); place !== undefined; place = left.pop()) {
      budget.spend(0.3)
      if (seen.has(place)) continue
      seen.add(place)
      left.push(...places[place]!.free)
    }
    return [...seen].filter(place => place === last || places[place]!.to !== undefined).toSorted((a, b) => a - b)
  }
  function stateOf(reached: number[]): number {
    const key = reached.join()
    const known = numbers.get(key)
    if (known !== undefined) return known
    budget.spend(1)
    numbers.set(key, states.length)
    states.push({ places: reached, next: [] })
    return states.length - 1
  }
  stateOf(closure([first]))
  return {
    next(state, one) {
      const { places: here, next } = states[state]!
      const known = next[one]
      if (known !== undefined) return known
      budget.spend(here.length / 20)
      const reached = here.flatMap(place => {
        const { on, to } = places[place]!
        return to !== undefined && on?.has(one) ? [to] : []
      })
      // What must not match is met by whatever a match cannot follow.
      const found = reached.length === 0 && !not ? -1 : stateOf(closure(reached))
      next[one] = found
      return found
    },
    ends: state => states[state]!.places.includes(last) !== not,
  }
}

type Place = { on?: ReadonlySet<number>; to?: number; free: number[] }

/** Thompson's construction: places, joined by characters or freely. */
function networkOf(
  pattern: Pattern,
  classNumbers: ReadonlyMap<Characters, readonly number[]>,
  classCount: number,
  budget: Budget,
): { places: Place[]; first: number; last: number } {
  const places: Place[] = []
  const known = new Map<Characters, ReadonlySet<number>>()
  const place = (): number => {
    budget.spend(2)
    return places.push({ free: [] }) - 1
  }
  const join = (from: number, to: number): void => void places[from]!.free.push(to)

  /** Builds what leads on from a place, and gives the place that it leads to. */
  function build(node: Pattern, from: number): number {
    if (node.kind === 'one') {
      const to = place()
      const on = known.get(node.of) ?? new Set(classNumbers.get(node.of))
      known.set(node.of, on)
      const start = place()
      join(from, start)
      places[start]!.on = on
      places[start]!.to = to
      budget.spend(classCount / 1_000)
      return to
    }
    if (node.kind === 'all') return node.parts.reduce((at, part) => build(part, at), from)
    const to = place()
    if (node.kind === 'either') {
      for (const option of node.options) {
        const start = place()
        join(from, start)
        join(build(option, start), to)
      }
      return to
    }
    let at = from
    for (let i = 0; i < node.min; i++) at = build(node.body, at)
    if (node.max === Number.POSITIVE_INFINITY) {
      const loop = place()
      join(at, loop)
      join(build(node.body, loop), loop)
      join(loop, to)
      return to
    }
    join(at, to)
    for (let i = node.min; i < node.max; i++) {
      const start = place()
      join(at, start)
      at = build(node.body, start)
      join(at, to)
    }
    return to
  }
  const first = place()
  return { places, first, last: build(pattern, first) }
}
