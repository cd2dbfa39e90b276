import { orderedText } from '@heddle/protocol/ordered'
import { type Budget, Exhausted, startBudget } from '../../schema/budget.ts'
import {
  type ArrayShape,
  type ByKind,
  madeOf,
  type Node,
  type NumberShape,
  type ObjectShape,
  type Schema,
  type StringShape,
} from '../../schema/nodes.ts'
import { readArguments, readSchema } from '../../schema/read.ts'
import { MAX_COUNT, type Strictness } from '../../schema/reading.ts'
import { fitted } from '../../schema/write.ts'
import { Refused } from '../refused.ts'
import { literals } from './literals.ts'
import { integers, numbers } from './numbers.ts'
import { times } from './repeats.ts'
import { boundedRules, either, literal, type Rules } from './rules.ts'
import { COLON, COMMA, STRING, terminals } from './terminals.ts'
import { conditionedRule } from './texts.ts'

/** Most that a grammar may be: characters, and so many times what was read. A format of addresses is 100,000. */
const ROOM = 250_000
const GROWTH = 20
/** Multiples that are written one by one. */
const MAX_MULTIPLES = 1_000

/**
 * The grammar's body for JSON that satisfies a schema. Every value it lets through satisfies the schema; it may let
 * through fewer: properties in the order of the schema, no properties beyond the named ones, integers of 15 digits,
 * strings without `\u` escapes, of formats only the plain forms. Source: JSON Schema 2020-12.
 *
 * Throws `Refused` (`unsupported_field`, its `param` the path of the keyword) for what the grammar cannot hold, when
 * `strictness` is `refuse`, and `bad_request` for what is no schema.
 *
 * @example
 * ```ts
 * // sketch
 * const rules = startRules()
 * rules.text(schemaRule({ type: 'object', properties: { age: { type: 'integer' } } }, 'format.schema', 'refuse', rules))
 * ```
 */
export const schemaRule = (
  root: unknown,
  path: string,
  strictness: Strictness,
  rules: Rules,
  budget: Budget = startBudget(),
): string =>
  budgeted(path, budget, () => nodesRule(readSchema(root, path, strictness, budget), strictness, rules, budget))

/** {@link schemaRule} of a tool's arguments: always an object. Throws as it does, also where no object is described. */
export const argumentsRule = (
  root: unknown,
  path: string,
  strictness: Strictness,
  rules: Rules,
  budget: Budget,
): string =>
  budgeted(path, budget, () => nodesRule(readArguments(root, path, strictness, budget), strictness, rules, budget))

/** Reads and writes within a question's budget. Throws `Refused` where that is not enough. */
export function budgeted<T>(path: string, budget: Budget, work: (budget: Budget) => T): T {
  try {
    return work(budget)
  } catch (error) {
    if (error instanceof Exhausted) throw new Refused('unsupported_field', `${path} costs too much to hold`, path)
    throw error
  }
}

/** {@link schemaRule} of a schema that was read already. Throws `Refused`, `Exhausted`. */
function nodesRule(schema: Schema, strictness: Strictness, given: Rules, budget: Budget): string {
  const { root, definitions, size } = schema
  const rules = boundedRules(given, ROOM + size * GROWTH, budget)
  const { value, object } = terminals(rules)
  const string = rules.define(STRING)
  const named = new Map([...definitions.keys()].map(name => [name, rules.reserve()]))
  const machines: (Pick<StringShape, 'conditions' | 'formats' | 'min' | 'max'> & { rule: string | undefined })[] = []
  let repeats = 0

  const refuse = (at: string, why: string): never => {
    throw new Refused('unsupported_field', `${at} ${why}`, at)
  }
  const count = (at: string, many: number): void => {
    repeats += many
    if (repeats > MAX_COUNT) refuse(at, `repeats more than ${MAX_COUNT} times, with what stands before it`)
  }
  /** What a machine holds, or where that is allowed what is left when none can. */
  function held(at: string, instead: string, attempt: () => string | undefined, why: string): string {
    try {
      return attempt() ?? refuse(at, why)
    } catch (error) {
      if (strictness === 'relax' && (error instanceof Exhausted || error instanceof Refused)) return instead
      if (error instanceof Exhausted) return refuse(at, 'costs too much to hold')
      throw error
    }
  }

  const bodies: ByKind<string> = {
    any: () => value,
    never: ({ at, why }) => refuse(at, why),
    literals: ({ values }) =>
      literals(
        values.map(one => orderedText(one)),
        rules,
        budget,
      ),
    null: () => '"null"',
    boolean: () => '("true" | "false")',
    number: node =>
      held(node.at, rules.define(numbers({})!), () => numberOf(node), 'allows no number that can be written'),
    string: stringOf,
    array: arrayOf,
    object: objectOf,
    either: ({ options }) => either(options.map(write)),
    ref: ({ to }) => named.get(to)!.name,
  }
  function write(node: Node): string {
    budget.spend(5)
    return madeOf(node, bodies)
  }
  const within = (node: Node): string => rules.define(write(node))

  function numberOf({ whole, min, max, step, at }: NumberShape): string | undefined {
    const range = { min, max }
    if (step === undefined || (whole && step === 1)) return whole ? integers(range) : numbers(range)
    if (step === 1) return integers(range)
    const places = Math.round(-Math.log10(step))
    // A step of 0.01 is two places after the point.
    if (!whole && places > 0 && places <= 9 && Math.abs(step - 10 ** -places) < 1e-15) return numbers(range, places)
    if (!min || !max) return refuse(`${at}.multipleOf`, 'needs a minimum and a maximum')
    const [from, to] = [Math.ceil(min.value / step - 1e-9), Math.floor(max.value / step + 1e-9)]
    if (to - from > MAX_MULTIPLES) return refuse(`${at}.multipleOf`, `leaves more than ${MAX_MULTIPLES} numbers`)
    const all = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) =>
      Number(((from + i) * step).toPrecision(15)),
    )
    const fits = all.filter(
      one =>
        (!whole || Number.isInteger(one)) &&
        !(min.exclusive && one <= min.value) &&
        !(max.exclusive && one >= max.value),
    )
    return fits.length === 0
      ? undefined
      : literals(
          fits.map(one => JSON.stringify(one)).filter(text => !/e/.test(text)),
          rules,
          budget,
        )
  }

  function stringOf(node: StringShape): string {
    const { min, max, conditions, formats, at } = node
    if (conditions.length + formats.length > 0) return held(at, string, () => machineOf(node), 'allows no text')
    if (min === 0 && max === Number.POSITIVE_INFINITY) return string
    count(at, max === Number.POSITIVE_INFINITY ? min : max)
    return `"\\"" ${times(rules.define(CHARACTER), min, max, rules)} "\\""`
  }

  /** What stands at many places is one rule: a machine is the dearest that a schema can ask for. */
  function machineOf(node: StringShape): string | undefined {
    const { conditions, formats, min, max } = node
    budget.spend(machines.length / 50)
    const known = machines.find(
      one => one.min === min && one.max === max && same(one.conditions, conditions) && same(one.formats, formats),
    )
    if (known) return known.rule
    const rule = conditionedRule(node, rules, budget)
    machines.push({ conditions, formats, min, max, rule })
    return rule
  }

  function arrayOf({ prefix: given, items, min, max, unique, at }: ArrayShape): string {
    const different = unique ? differentRule(given, items, min, max, at) : undefined
    if (different !== undefined) return different
    // Fewer than the first ones are allowed by a schema that says no minimum; all of them are what it means.
    const prefix = given.slice(0, max).map(one => within(one))
    const [from, to] = [Math.max(0, min - prefix.length), max - prefix.length]
    const head = prefix.join(` ${COMMA} `)
    if (!items || to <= 0) return head === '' ? '"[]"' : `"[" ${head} "]"`
    count(at, to === Number.POSITIVE_INFINITY ? from : to)
    const item = within(items)
    if (head !== '') {
      // Beside first ones, others are written where there must be some, or where their number or kind is said.
      if (from === 0 && items.kind === 'any') return `"[" ${head} "]"`
      return `"[" ${head} ${times(rules.define(`${COMMA} ${item}`), from, to, rules)} "]"`
    }
    const rest = times(rules.define(`${COMMA} ${item}`), Math.max(0, from - 1), to - 1, rules)
    return from === 0 ? `"[" (${item} ${rest})? "]"` : `"[" ${item} ${rest} "]"`
  }

  /** Items that are all different: where there are few values, each at most once, in their order. */
  function differentRule(
    prefix: readonly Node[],
    items: Node | undefined,
    min: number,
    max: number,
    at: string,
  ): string | undefined {
    const texts = items?.kind === 'literals' ? [...new Set(items.values.map(one => orderedText(one)))] : undefined
    if (prefix.length > 0 || !texts || texts.length > 64) return undefined
    const values = texts.map(one => rules.define(literal(one)))
    const most = Math.min(max, values.length)
    if (min > most) return refuse(`${at}.uniqueItems`, 'allows no list')
    // What may follow value i when n of them are written.
    const known = new Map<string, string>()
    const tail = (i: number, n: number): string => {
      const key = `${i},${n}`
      const found = known.get(key)
      if (found !== undefined) return found
      budget.spend(20)
      const ways = n >= min ? ['"]"'] : []
      if (n < most)
        for (let next = i; next < values.length; next++) {
          if (values.length - next < min - n) break
          ways.push(`${n > 0 ? `${COMMA} ` : ''}${values[next]!} ${tail(next + 1, n + 1)}`)
        }
      const rule = ways.length === 0 ? refuse(`${at}.uniqueItems`, 'allows no list') : rules.define(either(ways))
      known.set(key, rule)
      return rule
    }
    return `"[" ${tail(0, 0)}`
  }

  function objectOf({ properties: given, more, keys, min, max, at }: ObjectShape): string {
    if (given.length === 0) return mapOf(more, keys, min, max, at)
    if (given.filter(({ required }) => required).length > max)
      return refuse(`${at}.maxProperties`, 'is below the number of required properties')
    const properties = fitted(given, min, max)
    if (properties.length < min) return refuse(`${at}.minProperties`, 'is above the number of named properties')
    if (properties.length === 0) return '"{}"'
    const pairs = properties.map(({ name, node }) => `${literal(JSON.stringify(name))} ${COLON} ${within(node)}`)
    const required = properties.map(({ required: is }) => is)
    return `"{" ${pairsInOrder(pairs, required)} "}"`
  }

  function mapOf(more: Node | undefined, keys: StringShape | undefined, min: number, max: number, at: string): string {
    if (!more || max === 0) return min === 0 ? '"{}"' : refuse(`${at}.minProperties`, 'allows no object')
    if (more.kind === 'any' && !keys && min === 0 && max === Number.POSITIVE_INFINITY) return object
    const pair = rules.define(`${keys ? within(keys) : string} ${COLON} ${within(more)}`)
    count(at, max === Number.POSITIVE_INFINITY ? min : max)
    const rest = times(rules.define(`${COMMA} ${pair}`), Math.max(0, min - 1), max - 1, rules)
    return min === 0 ? `"{" (${pair} ${rest})? "}"` : `"{" ${pair} ${rest} "}"`
  }

  /** Pairs in their order, those that are not required left out or not, with commas between them. */
  function pairsInOrder(pairs: readonly string[], required: readonly boolean[]): string {
    let tail = ''
    const tails: string[] = []
    for (let i = pairs.length - 1; i >= 0; i--) {
      tails[i] = tail
      const one = `${COMMA} ${pairs[i]}`
      tail = rules.define(`${required[i] ? one : `(${one})?`} ${tail}`.trim())
    }
    const last = required.indexOf(true)
    const firsts = pairs.slice(0, last < 0 ? pairs.length : last + 1).map((pair, i) => `${pair} ${tails[i]}`)
    return last < 0 ? `(${firsts.join(' | ')})?` : either(firsts)
  }

  const body = write(root)
  for (const [name, node] of definitions) named.get(name)!.define(write(node))
  return body
}

const same = <T>(a: readonly T[], b: readonly T[]): boolean =>
  a.length === b.length && a.every((one, i) => one === b[i])

/** One character of a JSON string, as models write it. */
const CHARACTER = STRING.slice(STRING.indexOf('('), STRING.lastIndexOf('*'))
