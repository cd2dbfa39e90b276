import { type Budget, Exhausted } from '../../schema/budget.ts'

/** Named rules of a grammar in GBNF, llama.cpp's notation. */
export type Rules = {
  /** Defines a rule and gives its name; the same body is defined once. */
  define(body: string): string
  /** A name to be defined later, for rules that refer to themselves. */
  reserve(): { name: string; define(body: string): void }
  /** Does something, and forgets what it defined when it throws. */
  attempt<T>(work: () => T): T
  /** The whole grammar, beginning with `root`. */
  text(root: string): string
}

export function startRules(): Rules {
  const rules = new Map<string, string>()
  const names = new Map<string, string>()
  let count = 0
  return {
    define(body) {
      const known = names.get(body)
      if (known) return known
      const name = `r${count++}`
      names.set(body, name)
      rules.set(name, body)
      return name
    },
    reserve() {
      const name = `r${count++}`
      return { name, define: body => void rules.set(name, body) }
    },
    attempt(work) {
      const before = count
      try {
        return work()
      } catch (error) {
        for (let i = before; i < count; i++) {
          const name = `r${i}`
          const body = rules.get(name)
          if (body !== undefined && names.get(body) === name) names.delete(body)
          rules.delete(name)
        }
        throw error
      }
    },
    text: root => [`root ::= ${root}`, ...[...rules].map(([name, body]) => `${name} ::= ${body}`)].join('\n'),
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** A text as it is, as a literal of a grammar. */
export const literal = (text: string): string =>
  `"${[...text].map(one => ESCAPES[one] ?? (one < ' ' ? hex(one) : one)).join('')}"`

const hex = (character: string): string => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`

/**
 * The same rules, for one who may not write as much as they like: what is defined is spent, and is at most so many
 * characters. Throws `Exhausted`.
 */
export function boundedRules(rules: Rules, room: number, budget: Budget): Rules {
  let left = room
  const spend = (body: string): string => {
    left -= body.length
    budget.spend(body.length / 5)
    if (left < 0) throw new Exhausted()
    return body
  }
  return {
    ...rules,
    define: body => rules.define(spend(body)),
    reserve() {
      const { name, define } = rules.reserve()
      return { name, define: body => define(spend(body)) }
    },
  }
}

/** One of these. */
export const either = (bodies: readonly string[]): string =>
  bodies.length === 1 ? bodies[0]! : `(${bodies.join(' | ')})`
