import type { Answer, Settlement } from '@heddle/protocol'
import { wholeArguments } from '../../arguments.ts'
import { type Choice, isCut, reasoningTokensOf, reasonOf, type ToolCall, type Whole } from '../shared/choices.ts'
import { noteOf, type Told } from '../shared/note.ts'
import { usedOf } from '../shared/usage.ts'

const messageId = ({ id }: Answer): string => `msg_${id.slice(2, 26)}`

/** What was used; what comes from memory is counted apart here. */
export const usageOf = (settlement: Settlement, choice: Choice) => {
  const { prompt, cached, completion } = usedOf(settlement)
  return {
    input_tokens: prompt,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cached,
    output_tokens: completion,
    output_tokens_details: { thinking_tokens: reasoningTokensOf([choice]) },
    server_tool_use: null,
  }
}

const reasons = { stop: 'end_turn', length: 'max_tokens', tool_calls: 'tool_use', filtered: 'refusal' } as const

/** Why a message ended. Throws `interrupted`. */
export const stopOf = (choice: Choice, settlement: Settlement) => {
  const reason = reasonOf(choice, settlement)
  const stopped = reason === 'stop' ? choice.stopped : undefined
  return { stop_reason: stopped === undefined ? reasons[reason] : 'stop_sequence', stop_sequence: stopped ?? null }
}

/**
 * Arguments are JSON in a string everywhere but here, where they are an object: what is none is told as one, as it would be
 * when it is sent back. A call that ran out of tokens is left out, and `max_tokens` says so.
 */
function toolUses(calls: readonly ToolCall[], wasCut: boolean, own: (name: string) => string) {
  const last = calls.length - 1
  return calls.flatMap(({ id, name, arguments: json }, at) => {
    if (wasCut && at === last && !isJson(json)) return []
    const input: unknown = JSON.parse(wholeArguments(json))
    return [{ type: 'tool_use', id, name: own(name), input, caller: { type: 'direct' } }]
  })
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text || '{}')
    return true
  } catch {
    return false
  }
}

/** A whole answer as a message. */
export function messageOf(
  answer: Answer,
  { choices, settlement }: Whole,
  told: Told,
  own: (name: string) => string = name => name,
) {
  const choice = choices[0]!
  const { text, reasoning, toolCalls } = choice
  return {
    ...emptyMessage(answer),
    content: [
      // Nobody signs a thought here.
      ...(reasoning ? [{ type: 'thinking', thinking: reasoning, signature: '' }] : []),
      ...(text ? [{ type: 'text', text, citations: null }] : []),
      ...toolUses(toolCalls, isCut(choice, settlement), own),
    ],
    ...stopOf(choice, settlement),
    usage: { ...usageOf(settlement, choice), service_tier: 'standard' },
    heddle: noteOf(settlement, told),
  }
}

/** A message before its first word: what it has used is known at its end. */
export const emptyMessage = (answer: Answer) => ({
  id: messageId(answer),
  type: 'message',
  role: 'assistant',
  model: answer.model.id,
  content: [] as unknown[],
  container: null,
  stop_reason: null as string | null,
  stop_sequence: null as string | null,
  stop_details: null,
})
