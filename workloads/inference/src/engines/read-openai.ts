import { HeddleError } from '@heddle/protocol'
import { MAX_TOOL_CALLS } from '../limits.ts'
import type { Piece } from '../output.ts'
import type { GenerationSpec } from '../spec.ts'
import { type EngineEvent, type EventReader, logprobOf } from './event.ts'
import { countAt, isObject, type Json, listAt, malformed, objectAt, parseObject, textAt } from './json.ts'

/**
 * Reads a stream of `/v1/chat/completions` or `/v1/completions`: OpenAI's chunks, vLLM's counts in every chunk,
 * llama-server's `timings`, and reasoning under both of its names.
 */
export function openAiReader(spec: GenerationSpec): EventReader {
  const choices = spec.choices ?? 1
  const counts = new Map<number, number>()
  const tools = new Map<string, string>()
  const { stop } = spec
  return message => {
    if (message === '[DONE]') return { pieces: [], tokens: 0, done: true }
    const json = parseObject(message)
    if (json['error'] !== undefined) throw new HeddleError('engine_down', 'the engine failed', { cause: json['error'] })
    const list = listAt(json, 'choices')
    if (list.length > choices) throw malformed('more choices than were asked for')
    const pieces: Piece[] = []
    let tokens = 0
    for (const choice of list) {
      if (!isObject(choice)) throw malformed('a choice is no object')
      const found = readChoice(choice, choices, tools)
      if (found.length > 0) tokens += Math.max(1, logprobsIn(found))
      pieces.push(...found, ...finishOf(choice, choices, stop))
    }
    return { pieces, tokens, ...countsOf(json, list, counts) }
  }
}

const logprobsIn = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, piece) => sum + (piece.logprobs?.length ?? 0), 0)

function indexOf(choice: Json, choices: number): { choice?: number } {
  const index = countAt(choice, 'index') ?? 0
  if (index >= choices) throw malformed(`there is no choice ${index}`)
  return index === 0 ? {} : { choice: index }
}

function readChoice(choice: Json, choices: number, tools: Map<string, string>): Piece[] {
  const which = indexOf(choice, choices)
  const delta = isObject(choice['delta']) ? choice['delta'] : objectAt(choice, 'message')
  const text = textAt(choice, 'text') ?? textAt(delta, 'content') ?? ''
  const reasoning = textAt(delta, 'reasoning_content') ?? textAt(delta, 'reasoning') ?? ''
  const logprobs = listAt(objectAt(choice, 'logprobs'), 'content').map(logprobOf)
  const pieces: Piece[] = []
  if (reasoning !== '') pieces.push({ ...which, reasoning })
  if (text !== '' || logprobs.length > 0)
    pieces.push({ ...which, ...(text !== '' ? { text } : {}), ...(logprobs.length > 0 ? { logprobs } : {}) })
  const calls = listAt(delta, 'tool_calls').map((call, place) => readCall(call, place, which.choice ?? 0, tools))
  pieces.push(...calls.map(toolCall => ({ ...which, toolCall })))
  const refusal = textAt(delta, 'refusal')
  if (refusal) pieces.push({ ...which, text: refusal })
  return pieces
}

/** A piece of a tool call: the first one has id and name. */
function readCall(value: unknown, place: number, choice: number, seen: Map<string, string>) {
  if (!isObject(value)) throw malformed('a tool call is no object')
  const index = countAt(value, 'index') ?? place
  if (index >= MAX_TOOL_CALLS) throw malformed(`there are more than ${MAX_TOOL_CALLS} tool calls`)
  const given = objectAt(value, 'function')
  const key = `${choice}.${index}`
  const text = textAt(given, 'arguments') ?? ''
  if (seen.has(key)) return { index, arguments: text }
  const name = textAt(given, 'name')
  if (!name) throw malformed('a tool call has no name')
  const id = textAt(value, 'id') || `call_${choice}_${index}`
  seen.set(key, name)
  return { index, id, name, arguments: text }
}

const FINISHES: Readonly<Record<string, NonNullable<Piece['finish']>>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool_calls',
  function_call: 'tool_calls',
  content_filter: 'stop',
}

function finishOf(choice: Json, choices: number, stop: readonly string[]): Piece[] {
  const reason = textAt(choice, 'finish_reason')
  if (!reason) return []
  const finish = Object.hasOwn(FINISHES, reason) ? FINISHES[reason]! : 'stop'
  // vLLM says which stop string ended the answer.
  const stopped = choice['stop_reason']
  const known = typeof stopped === 'string' && stop.includes(stopped)
  return [{ ...indexOf(choice, choices), finish, ...(known ? { stopped } : {}) }]
}

function countsOf(json: Json, list: readonly unknown[], counts: Map<number, number>): Partial<EngineEvent> {
  const { usage, timings } = json
  if (isObject(usage)) {
    const completion = countAt(usage, 'completion_tokens')
    const prompt = countAt(usage, 'prompt_tokens')
    const cached = countAt(objectAt(usage, 'prompt_tokens_details'), 'cached_tokens')
    // A count in a chunk that has a choice is that choice's; at the end it is everybody's.
    const [choice] = list
    if (!isObject(choice) || completion === undefined) return { completion, prompt, cached }
    counts.set(countAt(choice, 'index') ?? 0, completion)
    return { completion: [...counts.values()].reduce((sum, count) => sum + count, 0), prompt, cached }
  }
  if (!isObject(timings)) return {}
  const cached = countAt(timings, 'cache_n') ?? 0
  const read = countAt(timings, 'prompt_n')
  if (read === undefined) return {}
  return { prompt: read + cached, cached, completion: countAt(timings, 'predicted_n') }
}
