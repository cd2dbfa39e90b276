import type { Settlement } from '@heddle/protocol'
import { type Choice, type Logprobs, reasonOf, type ToolCall, type Whole, type WholeChoice } from '../shared/choices.ts'
import { noteOf, type Told } from '../shared/note.ts'
import { type Head, usageOf } from './head.ts'

export const logprobsOf = (logprobs: Logprobs) => ({
  content: logprobs.map(({ top, ...one }) => ({ ...one, top_logprobs: top })),
  refusal: null,
})

const callOf = ({ id, name, arguments: json }: ToolCall) => ({
  id,
  type: 'function',
  function: { name, arguments: json || '{}' },
})

/** DeepSeek and vLLM call it `reasoning_content`, OpenRouter and newer vLLM `reasoning`. */
export const reasoningOf = (text: string) => ({ reasoning_content: text, reasoning: text })

/** Why a choice ended, in OpenAI's words. Throws `interrupted`. */
export function finishReason(choice: Choice, settlement: Settlement): string {
  const reason = reasonOf(choice, settlement)
  return reason === 'filtered' ? 'content_filter' : reason
}

function choiceOf(choice: WholeChoice, index: number, settlement: Settlement) {
  const { text, reasoning, toolCalls, logprobs } = choice
  return {
    index,
    message: {
      role: 'assistant',
      content: text === '' && toolCalls.length > 0 ? null : text,
      refusal: null,
      ...(reasoning && reasoningOf(reasoning)),
      ...(toolCalls.length > 0 && { tool_calls: toolCalls.map(callOf) }),
    },
    logprobs: logprobs ? logprobsOf(logprobs) : null,
    finish_reason: finishReason(choice, settlement),
  }
}

/** A whole answer as a chat completion. */
export const chatCompletionOf = (head: Head, { choices, settlement }: Whole, told: Told) => ({
  ...head,
  object: 'chat.completion',
  service_tier: 'default',
  choices: choices.map((choice, index) => choiceOf(choice, index, settlement)),
  usage: usageOf(settlement, choices),
  heddle: noteOf(settlement, told),
})
