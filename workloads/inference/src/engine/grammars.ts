import { parseOrdered } from '@heddle/protocol/ordered'
import type { LlamaGrammarEvaluationState } from 'node-llama-cpp'
import type { Budget } from '../schema/budget.ts'
import type { ChatSpec, GenerationSpec } from '../spec.ts'
import type { Answer } from './answer.ts'
import { literal, startRules } from './grammar/rules.ts'
import { schemaRule } from './grammar/schema.ts'
import { terminals } from './grammar/terminals.ts'
import type { Llama } from './llama.ts'

/**
 * The grammar of a wanted format, in GBNF. With `mark` the answer may begin a call instead. Throws `Refused` for a
 * schema that it cannot hold.
 */
export function formatGrammar(
  { format }: Pick<ChatSpec, 'format'>,
  { mark, budget }: { mark?: string | undefined; budget?: Budget } = {},
): string | undefined {
  if (!format) return undefined
  const rules = startRules()
  const body =
    format.type === 'json'
      ? terminals(rules).object
      : schemaRule(parseOrdered(format.schema), 'format.schema', 'refuse', rules, budget)
  return rules.text(mark === undefined ? body : `${body} | ${literal(mark)}`)
}

export type Grammars = {
  /** Whether a grammar holds any of the answer. */
  possible: boolean
  current: () => LlamaGrammarEvaluationState | undefined
  /** Lets the grammar follow the answer into a call. */
  follow(): Promise<void>
}

/** The grammar that holds an answer, where it is: a format's in text, a call's in calls, none in reasoning. */
export async function startGrammars(llama: Llama, spec: GenerationSpec, answer: Answer): Promise<Grammars> {
  const chat = spec.task === 'chat' ? spec : undefined
  const calling = chat?.tools !== undefined && chat.toolChoice !== 'none'
  const format = chat && formatGrammar(chat, { mark: calling ? llama.template.calls?.mark : undefined })
  const text = format === undefined ? undefined : await llama.grammar(format, 'format.schema')
  let calls: LlamaGrammarEvaluationState | undefined
  const follow = async () => {
    if (!calls && answer.mode === 'call' && answer.grammar !== undefined)
      calls = await llama.grammar(answer.grammar, 'tools')
  }
  await follow()
  return {
    possible: calling || format !== undefined,
    current: () => (answer.mode === 'call' ? calls : answer.mode === 'text' ? text : undefined),
    follow,
  }
}
