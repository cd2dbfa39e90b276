import { HeddleError, parseOrdered } from '@heddle/protocol'
import { budgeted } from '../../engine/grammar/schema.ts'
import { Refused } from '../../engine/refused.ts'
import { type Budget, Exhausted, startBudget } from '../../schema/budget.ts'
import { missedBy } from '../../schema/missed.ts'
import type { Schema } from '../../schema/nodes.ts'
import { readArguments, readSchema } from '../../schema/read.ts'
import { type Purpose, writeSchema } from '../../schema/write.ts'
import type { InferenceSpec } from '../../spec.ts'
import { type Names, nameOf } from './names.ts'

/** What of an answer is looked at: its text, and its calls. */
export type Spoken = { text: string; toolCalls: readonly { name: string; arguments: string }[] }

/** The schemas that an answer is promised to keep, read once. */
export type Promised = {
  /** The spec; `exact` where only a grammar holds all of a schema, and somebody takes one. */
  spec: InferenceSpec
  /** What nobody can hold, by the client's own paths: formats that only describe, a bound that no engine here knows. */
  unused: readonly string[]
  /** Whether an answer has to be looked at when it is whole. */
  any: boolean
  /** What a whole answer does not keep, by the client's own paths: an engine may not do, nor call, what it should. */
  unmet(answer: Spoken): string[]
}

type Held = { schema: Schema; path: string; tool?: string }

/**
 * Reads the schemas that an answer is to be held to. Throws, before anybody is asked, `unsupported_field` and
 * `bad_request` for what no engine here could be held to. `grammars`: whether somebody takes a grammar, which holds all
 * that is understood; other engines take a schema, and hold less.
 *
 * @example
 * ```ts
 * // sketch
 * const promised = readPromised(spec, names, false)
 * promised.unused // ['response_format.json_schema.schema.properties.cost']: no engine here holds a fraction's bounds
 * promised.unmet({ text: '{"cost":-1}', toolCalls: [] }) // the same, once the answer is below them
 * ```
 */
export function readPromised(spec: InferenceSpec, names: Names, grammars: boolean): Promised {
  if (spec.task !== 'chat') return { spec, unused: [], any: false, unmet: () => [] }
  const { format, tools = [], toolChoice } = spec
  const forced = toolChoice === 'required' || typeof toolChoice === 'object'
  const budget = startBudget()
  const held: Held[] = []
  const lost: string[] = []
  const hold = (one: Held, purpose: Purpose): void => {
    held.push(one)
    lost.push(...(grammars ? lostOrAll : lostIn)(one, purpose, budget))
  }
  if (format?.type === 'schema')
    hold({ schema: read(format.schema, 'format.schema', readSchema, budget), path: 'format.schema' }, 'hold')
  for (const [i, { name, strict, parameters }] of tools.entries()) {
    const path = `tools.${i}.parameters`
    if (strict && parameters !== undefined)
      hold({ schema: read(parameters, path, readArguments, budget), path, tool: name }, 'both')
  }
  const own = (paths: readonly string[]): string[] => [...new Set(paths.map(path => nameOf(path, names) ?? path))]
  const exact = grammars && lost.length > 0
  return {
    spec: exact ? { ...spec, exact } : spec,
    unused: own([...held.flatMap(({ schema }) => schema.passed), ...(exact ? [] : lost)]),
    any: format !== undefined || held.length > 0 || forced,
    unmet: answer =>
      own([...(forced && answer.toolCalls.length === 0 ? ['toolChoice'] : []), ...missedIn(answer, format, held)]),
  }
}

function read(text: string, path: string, reader: typeof readSchema, budget: Budget): Schema {
  return inOwnWords(() => budgeted(path, budget, () => reader(parseOrdered(text), path, 'refuse', budget)))
}

/** What an engine that takes a schema is not held to. Throws where such an engine cannot be asked at all. */
const lostIn = ({ schema, path }: Held, purpose: Purpose, budget: Budget): readonly string[] =>
  inOwnWords(() => budgeted(path, budget, () => writeSchema(schema, purpose, budget).lost))

/** {@link lostIn}, where somebody holds what such an engine cannot be asked. */
function lostOrAll(held: Held, purpose: Purpose, budget: Budget): readonly string[] {
  try {
    return lostIn(held, purpose, budget)
  } catch (error) {
    if (error instanceof HeddleError) return [held.path]
    throw error
  }
}

/** An answer that is only a call is held to no format; one that is cut is looked at by nobody. */
function missedIn({ text, toolCalls }: Spoken, format: unknown, held: readonly Held[]): string[] {
  const budget = startBudget()
  const missed: string[] = []
  const look = (said: string, path: string, schema?: Schema): void => {
    const at = missedAt(said, path, schema, budget)
    if (at !== undefined) missed.push(at)
  }
  const asked = held.find(({ tool }) => tool === undefined)
  if (format && (text !== '' || toolCalls.length === 0)) look(text, asked?.path ?? 'format', asked?.schema)
  for (const call of toolCalls) {
    const one = held.find(({ tool }) => tool === call.name)
    if (one) look(call.arguments === '' ? '{}' : call.arguments, one.path, one.schema)
  }
  return missed
}

function missedAt(said: string, path: string, schema: Schema | undefined, budget: Budget): string | undefined {
  let value: unknown
  try {
    value = JSON.parse(said)
  } catch {
    return path
  }
  try {
    return schema && missedBy(value, schema, path, budget)
  } catch (error) {
    // What would cost too much to tell is not told.
    if (error instanceof Exhausted) return undefined
    throw error
  }
}

/** Throws in the words of a daemon what is refused here. */
function inOwnWords<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    throw new HeddleError(error.code, error.message, { cause: { param: error.param } })
  }
}
