import type { Budget } from './budget.ts'

/** Code points from one to another, both included. */
export type Interval = readonly [from: number, to: number]
/** A set of code points: intervals in order, with gaps between them. */
export type Characters = readonly Interval[]

const LAST = 0x10ffff

/**
 * What a JSON string of an engine may hold, as its characters are meant: half a pair is no character, and of control
 * characters only those that have a short escape.
 */
const SOUND: Characters = [
  [0x08, 0x0a],
  [0x0c, 0x0d],
  [0x20, 0x7e],
  [0x80, 0xd7ff],
  [0xe000, LAST],
]

export function union(...sets: readonly Characters[]): Characters {
  const all = sets.flat().toSorted(([a], [b]) => a - b)
  const joined: [number, number][] = []
  for (const [from, to] of all) {
    const last = joined.at(-1)
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else joined.push([from, to])
  }
  return joined
}

export function complement(set: Characters): Characters {
  const rest: Interval[] = []
  let next = 0
  for (const [from, to] of set) {
    if (from > next) rest.push([next, from - 1])
    next = to + 1
  }
  if (next <= LAST) rest.push([next, LAST])
  return rest
}

export const intersection = (a: Characters, b: Characters): Characters =>
  complement(union(complement(a), complement(b)))

/** The set of these characters. */
export const setOf = (characters: string): Characters =>
  union([...characters].map(one => [one.codePointAt(0)!, one.codePointAt(0)!] as const))

/**
 * The classes into which sets cut all sound characters: two characters are of one class if no set tells them apart.
 * Gives each class, and of each set the numbers of the classes that it is made of.
 */
export function classesOf(sets: readonly Characters[], budget: Budget): { classes: Characters[]; members: number[][] } {
  const cuts = new Set<number>()
  for (const [from, to] of [...SOUND, ...sets.flat()]) cuts.add(from).add(to + 1)
  const edges = [...cuts].toSorted((a, b) => a - b)
  // Each set is asked at each edge, and writes a letter of a key there.
  budget.spend((edges.length * (sets.length + 2)) / 20)
  const at = sets.map(() => 0)
  const found = new Map<string, { number: number; intervals: Interval[] }>()
  let sound = 0
  for (let i = 0; i + 1 < edges.length; i++) {
    const [from, to] = [edges[i]!, edges[i + 1]! - 1]
    while (sound < SOUND.length && SOUND[sound]![1] < from) sound++
    if (!(SOUND[sound] && SOUND[sound]![0] <= from)) continue
    const key = sets
      .map((set, n) => {
        while (at[n]! < set.length && set[at[n]!]![1] < from) at[n]!++
        return set[at[n]!] && set[at[n]!]![0] <= from ? '1' : '0'
      })
      .join('')
    const known = found.get(key) ?? { number: found.size, intervals: [] }
    known.intervals.push([from, to])
    found.set(key, known)
  }
  const members = sets.map((_, n) => [...found].flatMap(([key, { number }]) => (key[n] === '1' ? [number] : [])))
  return { classes: [...found.values()].map(({ intervals }) => union(intervals)), members }
}
