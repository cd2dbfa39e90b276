import { createHash } from 'node:crypto'
import { parseOrdered } from '@heddle/protocol/ordered'
import { MAX_TOOL_CALLS } from '../limits.ts'
import type { Piece } from '../output.ts'
import { type Budget, startBudget, TOOL_STEPS } from '../schema/budget.ts'
import type { Tool } from '../spec.ts'
import { either, literal, type Rules, startRules } from './grammar/rules.ts'
import { argumentsRule } from './grammar/schema.ts'
import { terminals } from './grammar/terminals.ts'
import { Refused } from './refused.ts'

/**
 * How a model writes calls, as text: MARK lead NAME open ARGUMENTS close, then perhaps `next` NAME open ARGUMENTS …,
 * then `end`. Of the generic form: `||call: NAME(ARGUMENTS)`.
 */
export type CallForm = {
  /** What is looked for in an answer, and stands nowhere else. */
  mark: string
  lead: string
  open(name: string): string
  close(name: string): string
  /** Absent: one call an answer. */
  next?: string
  end: string
}

export type CallOptions = {
  form: CallForm
  tools: readonly Tool[]
  /** False: the answer ends after its first call. */
  parallel: boolean
  /** The id of the call with this number. */
  id(index: number): string
}

export type CallReader = {
  /**
   * The grammar of what may follow the mark and `begun`; undefined where no tool's name can follow, so that it was
   * only text. `name` says which tool it must be, and that its name stands there already.
   */
  grammar(begun: string, name?: string): string | undefined
  /** Begins with the arguments of this tool. */
  named(name: string): Piece[]
  /** Takes the text after the mark; `done` when the answer is over. */
  take(text: string): { pieces: Piece[]; done: boolean }
  /** Whether a whole call was read, and none is half read. */
  readonly whole: boolean
}

/** Reads the calls of an answer as they are written. Half a name is held back; arguments are handed on as they come. */
export function startCalls({ form, tools, parallel, id }: CallOptions): CallReader {
  const many = parallel && form.next !== undefined
  let state: 'name' | 'arguments' | 'tail' = 'name'
  let lead: readonly string[] = leads(form)
  let held = ''
  let index = -1
  let name = ''
  let json = startJson()

  function begin(tool: string): Piece {
    index++
    name = tool
    held = ''
    json = startJson()
    state = 'arguments'
    return { toolCall: { index, id: id(index), name: tool } }
  }

  return {
    grammar(begun, forced) {
      const rules = startRules()
      const rest = startArguments(rules)
      if (forced !== undefined) {
        const tool = tools.find(one => one.name === forced)
        return tool && rules.text(rest(tool))
      }
      const heads = leads(form).flatMap(begin =>
        tools.map(tool => ({ tool, head: `${begin}${tool.name}${form.open(tool.name)}` })),
      )
      const first = heads
        .filter(({ head }) => head.startsWith(begun))
        .map(
          ({ tool, head }) =>
            `${literal(head.slice(begun.length))} ${rest(tool)} ${many ? literal(form.close(tool.name)) : ''}`,
        )
      if (first.length === 0) return undefined
      if (!many) return rules.text(either(first))
      const others = tools.map(
        tool => `${literal(`${tool.name}${form.open(tool.name)}`)} ${rest(tool)} ${literal(form.close(tool.name))}`,
      )
      return rules.text(
        `${either(first)} (${literal(form.next!)} ${either(others)}){0,${MAX_TOOL_CALLS - 1}} ${literal(form.end)}`,
      )
    },
    named: tool => [begin(tool)],
    take(text) {
      const pieces: Piece[] = []
      for (const character of text) {
        if (state === 'arguments') {
          held += character
          if (!json.push(character)) continue
          pieces.push({ toolCall: { index, arguments: held } })
          held = ''
          state = 'tail'
          if (!many) return { pieces, done: true }
        } else {
          held += character
          const found =
            state === 'name'
              ? tools.find(tool => lead.some(it => held === `${it}${tool.name}${form.open(tool.name)}`))
              : undefined
          if (found) pieces.push(begin(found.name))
          if (state === 'tail' && held === `${form.close(name)}${form.next}`) {
            lead = ['']
            held = ''
            state = 'name'
          }
        }
      }
      if (state === 'arguments' && held !== '') {
        pieces.push({ toolCall: { index, arguments: held } })
        held = ''
      }
      return { pieces, done: false }
    },
    get whole() {
      return state === 'tail'
    },
  }
}

/** Models leave out a space at the beginning, or do not. */
const leads = ({ lead }: CallForm): string[] => [...new Set([lead, lead.trimStart()])]

/**
 * Rules of what tools take. A tool's parameters are for the model to read; the grammar holds as much of them as it can
 * for what one question may cost, and of a strict tool all.
 */
function startArguments(rules: Rules): (tool: Tool) => string {
  const { object } = terminals(rules)
  const budget = startBudget()
  const known = new Map<string, string>()
  function ruleOf({ name, parameters, strict }: Tool): string {
    if (parameters === undefined) return '"{}"'
    const [schema, path] = [parseOrdered(parameters), `tools.${name}.parameters`]
    if (strict) return rules.define(argumentsRule(schema, path, 'refuse', rules, budget))
    try {
      const part = budget.part(TOOL_STEPS)
      return rules.attempt(() => rules.define(argumentsRule(schema, path, 'relax', rules, part)))
    } catch (error) {
      if (error instanceof Refused) return object
      throw error
    }
  }
  return tool => {
    const key = `${tool.strict === true} ${tool.parameters}`
    const rule = known.get(key) ?? ruleOf(tool)
    known.set(key, rule)
    return rule
  }
}

/** Throws `Refused`, naming the keyword, for a strict tool whose parameters could not be kept. */
export function assertStrict(tools: readonly Tool[], budget: Budget): void {
  const kept = new Set<string>()
  for (const [i, { strict, parameters }] of tools.entries()) {
    if (!strict || parameters === undefined || kept.has(parameters)) continue
    argumentsRule(parseOrdered(parameters), `tools.${i}.parameters`, 'refuse', startRules(), budget)
    kept.add(parameters)
  }
}

/** Finds the end of a JSON object, character by character. */
export function startJson() {
  let depth = 0
  let quoted = false
  let escaped = false
  return {
    /** True with the bracket that closes the outermost one. */
    push(character: string): boolean {
      if (quoted) {
        if (escaped) escaped = false
        else if (character === '\\') escaped = true
        else if (character === '"') quoted = false
        return false
      }
      if (character === '"') quoted = true
      else if (character === '{' || character === '[') depth++
      else if (character === '}' || character === ']') return --depth === 0
      return false
    },
  }
}

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/**
 * The id of a call: `call_` and 24 letters and digits, the same whenever the job is run again.
 *
 * @example
 * ```ts
 * // sketch
 * callId('0x…', 0, 1) // 'call_…'
 * ```
 */
export function callId(seed: string, choice: number, index: number): string {
  let number = BigInt(`0x${createHash('sha256').update(`${seed}/${choice}/${index}`).digest('hex')}`)
  let id = ''
  for (; id.length < 24; number /= 62n) id += LETTERS[Number(number % 62n)]
  return `call_${id}`
}
