import type { Answer, Settlement } from '@heddle/protocol'
import { type Choice, isCut, type Logprobs, reasoningTokensOf, reasonOf, type Whole } from '../../shared/choices.ts'
import { noteOf, type Told } from '../../shared/note.ts'
import { usedOf } from '../../shared/usage.ts'
import type { ResponseRequest } from './request.ts'
import type { OwnName } from './tools.ts'

/** What an answer is made of, in the order it came. */
export type Item =
  | { type: 'reasoning'; id: string; text: string }
  | { type: 'message'; id: string; text: string; logprobs?: Logprobs }
  | ({ type: 'function_call'; id: string; callId: string; json: string } & OwnName)

type Status = 'in_progress' | 'completed' | 'incomplete'

export const logprobsOf = (logprobs: Logprobs | undefined) =>
  (logprobs ?? []).map(({ top, ...one }) => ({ ...one, top_logprobs: top }))

/** The one content part that a message, or a piece of reasoning, has. */
export const partOf = (item: Extract<Item, { text: string }>) =>
  item.type === 'reasoning'
    ? { type: 'reasoning_text', text: item.text }
    : { type: 'output_text', text: item.text, annotations: [], logprobs: logprobsOf(item.logprobs) }

export function itemJson(item: Item, status: Status) {
  const { type, id } = item
  if (type === 'function_call') {
    const { callId, name, namespace, json } = item
    return { type, id, status, call_id: callId, name, ...(namespace !== undefined && { namespace }), arguments: json }
  }
  const content = status === 'in_progress' ? [] : [partOf(item)]
  if (type === 'reasoning') return { type, id, status, summary: [], content }
  return { type, id, status, role: 'assistant', content }
}

/** What every form of one response repeats; a request's own words are said back to it. */
export function responseHead({ id, model }: Answer, { echo, spec }: Pick<ResponseRequest, 'echo' | 'spec'>) {
  const text = objectOf(echo['text'])
  return {
    id: `resp_${id.slice(2, 50)}`,
    object: 'response',
    created_at: Math.floor(Date.now() / 1000),
    model: model.id,
    background: false,
    error: null,
    instructions: echo['instructions'] ?? null,
    max_output_tokens: echo['max_output_tokens'] ?? null,
    max_tool_calls: null,
    metadata: objectOf(echo['metadata']) ?? {},
    parallel_tool_calls: echo['parallel_tool_calls'] ?? true,
    previous_response_id: null,
    prompt_cache_key: echo['prompt_cache_key'] ?? null,
    reasoning: { effort: spec.reasoning ?? null, summary: null },
    safety_identifier: echo['safety_identifier'] ?? null,
    service_tier: 'default',
    store: false,
    temperature: spec.temperature,
    text: { format: text?.['format'] ?? { type: 'text' } },
    tool_choice: echo['tool_choice'] ?? 'auto',
    tools: echo['tools'] ?? [],
    top_logprobs: echo['top_logprobs'] ?? 0,
    top_p: spec.topP,
    truncation: 'disabled',
    user: echo['user'] ?? null,
  }
}
type ResponseHead = ReturnType<typeof responseHead>

export const begun = (head: ResponseHead) => ({
  ...head,
  status: 'in_progress',
  incomplete_details: null,
  output: [],
  usage: null,
})

const objectOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined

/** A response that ended: completed, or incomplete for want of tokens or because of a filter. */
export function ended(head: ResponseHead, items: readonly Item[], choice: Choice, settlement: Settlement, told: Told) {
  const { prompt, cached, completion } = usedOf(settlement)
  const reason = reasonOf(choice, settlement)
  const cut = isCut(choice, settlement)
  const last = items.length - 1
  return {
    ...head,
    status: cut ? 'incomplete' : 'completed',
    completed_at: cut ? null : Math.floor(Date.now() / 1000),
    incomplete_details: cut ? { reason: reason === 'filtered' ? 'content_filter' : 'max_output_tokens' } : null,
    output: items.map((item, at) => itemJson(item, cut && at === last ? 'incomplete' : 'completed')),
    usage: {
      input_tokens: prompt + cached,
      input_tokens_details: { cached_tokens: cached },
      output_tokens: completion,
      output_tokens_details: { reasoning_tokens: reasoningTokensOf([choice]) },
      total_tokens: prompt + cached + completion,
    },
    heddle: noteOf(settlement, told),
  }
}

/** Ids of items: each kind has its own beginning. */
export const itemId = (answer: Answer, prefix: 'msg' | 'rs' | 'fc', index: number): string =>
  `${prefix}_${answer.id.slice(2, 42)}${index.toString(16).padStart(4, '0')}`

/** A whole answer as items. One that says nothing is an empty message. */
export function itemsOf(answer: Answer, { choices }: Whole, own: (name: string) => OwnName): Item[] {
  const { text, reasoning, toolCalls, logprobs } = choices[0]!
  const items: Item[] = []
  if (reasoning) items.push({ type: 'reasoning', id: itemId(answer, 'rs', 0), text: reasoning })
  if (text || toolCalls.length === 0)
    items.push({ type: 'message', id: itemId(answer, 'msg', items.length), text, ...(logprobs && { logprobs }) })
  for (const { id: callId, name, arguments: json } of toolCalls)
    items.push({
      type: 'function_call',
      id: itemId(answer, 'fc', items.length),
      callId,
      ...own(name),
      json: json || '{}',
    })
  return items
}
