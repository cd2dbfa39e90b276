import { type Automaton, automatonOf } from '../../schema/automaton.ts'
import { type Budget, Exhausted } from '../../schema/budget.ts'
import type { Characters, Interval } from '../../schema/characters.ts'
import { intersection, setOf } from '../../schema/characters.ts'
import type { Condition } from '../../schema/pattern.ts'
import { either, literal, type Rules } from './rules.ts'

/** Characters that stand in JSON by a short escape. */
const ESCAPED: readonly (readonly [character: string, escape: string])[] = [
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]
const PLAIN: Characters = [
  [0x20, 0x21],
  [0x23, 0x5b],
  [0x5d, 0x7e],
  [0x80, 0xd7ff],
  [0xe000, 0x10ffff],
]

/**
 * The rule of JSON strings that a machine reads: one rule a state, each with at most one way on for a character, so
 * that following it costs the same whatever the regular expression was.
 */
function machineRule({ states }: Automaton, rules: Rules, budget: Budget): string {
  const known = new Map<Characters, string[]>()
  const written = (on: Characters): string[] => {
    const some = known.get(on) ?? charactersOf(on, rules, budget)
    known.set(on, some)
    return some
  }
  const names = states.map(() => rules.reserve())
  states.forEach(({ ends, edges }, i) => {
    const ways = edges.flatMap(({ on, to }) => written(on).map(one => `${one} ${names[to]!.name}`))
    names[i]!.define(either([...ways, ...(ends ? ['"\\""'] : [])]))
  })
  return `"\\"" ${names[0]!.name}`
}

/** One character of a set, as it stands in JSON: a class, and an escape each. */
function charactersOf(set: Characters, rules: Rules, budget: Budget): string[] {
  budget.spend(set.length / 2)
  const plain = intersection(set, PLAIN)
  const escapes = ESCAPED.filter(([character]) => intersection(set, setOf(character)).length > 0)
  return [...(plain.length > 0 ? [classOf(plain, rules)] : []), ...escapes.map(([, written]) => literal(written))]
}

/** Above so many intervals a class is a rule of its own, which stands there once however often it is named. */
const FEW = 4

function classOf(set: Characters, rules: Rules): string {
  const text = `[${set.map(intervalOf).join('')}]`
  return set.length > FEW ? rules.define(text) : text
}

const intervalOf = ([from, to]: Interval): string => (from === to ? codeOf(from) : `${codeOf(from)}-${codeOf(to)}`)

/** A code point within a class of GBNF; letters and digits as they are. */
function codeOf(code: number): string {
  const character = String.fromCodePoint(code)
  if (/[A-Za-z0-9]/.test(character)) return character
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
}

/**
 * Strings that meet conditions, within a length. Of conditions that come from formats those that no machine can hold
 * beside the others are left out. Undefined where there is no such string. Throws `Exhausted`.
 */
export function conditionedRule(
  {
    conditions,
    formats,
    ...length
  }: { conditions: readonly Condition[]; formats: readonly Condition[]; min: number; max: number },
  rules: Rules,
  budget: Budget,
): string | undefined {
  const machine = bothOf(conditions, formats, length, budget)
  return machine && rules.define(machineRule(machine, rules, budget))
}

function bothOf(
  conditions: readonly Condition[],
  formats: readonly Condition[],
  length: { min: number; max: number },
  budget: Budget,
): Automaton | undefined {
  if (conditions.length === 0) return automatonOf(formats, length, budget)
  // A pattern beside a format is what its writer means by the format.
  if (formats.length > 0) {
    try {
      const both = automatonOf([...conditions, ...formats], length, budget)
      if (both) return both
    } catch (error) {
      if (!(error instanceof Exhausted)) throw error
    }
  }
  return automatonOf(conditions, length, budget)
}
