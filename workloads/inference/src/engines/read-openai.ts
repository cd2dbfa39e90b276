import { HeddleError } from '@heddle/protocol'
import { MAX_TOOL_CALLS } from '../limits.ts'
import type { Piece } from '../output.ts'
import type { GenerationSpec } from '../spec.ts'
import { startCallIds } from './call-ids.ts'
import { type EngineEvent, type EventReader, logprobLists, logprobOf } from './event.ts'
import { countAt, isObject, type Json, listAt, malformed, objectAt, parseObject, textAt } from './json.ts'
import { startRepeats } from './repeats.ts'

/** What is known of an answer while it is read. */
type Reading = {
  choices: number
  stop: readonly string[]
  /** The likeliest tokens that were asked for beside each; undefined when none were. */
  logprobs: number | undefined
  /** The tool call that each choice is at. */
  calls: Map<number, number>
  /** Names a call that begins, for each choice. */
  callIds: ((given: string | undefined) => string)[]
  /** Completion tokens of each choice, where the engine says them. */
  counts: Map<number, number>
}

const DONE: EngineEvent = { pieces: [], tokens: 0, done: true }

/**
 * Reads a stream of `/v1/chat/completions` or `/v1/completions`: OpenAI's chunks, vLLM's counts in every chunk,
 * llama-server's `timings`, and reasoning under both of its names.
 */
export function openAiReader(spec: GenerationSpec): EventReader {
  const { choices = 1, stop, logprobs } = spec
  const callIds = Array.from({ length: choices }, () => startCallIds(spec))
  const reading: Reading = { choices, stop, logprobs, calls: new Map(), callIds, counts: new Map() }
  // A probe is read beside the answer: it leaves nothing in what is known of it.
  const repeats = startRepeats(probe =>
    textAlone(readMessage(probe, { ...reading, calls: new Map(), counts: new Map() })),
  )
  return message => {
    if (message === '[DONE]') return DONE
    const repeated = repeats.textIn(message)
    if (repeated) return { pieces: [{ text: repeated }], tokens: 1 }
    const event = readMessage(message, reading)
    const text = textAlone(event)
    if (text !== undefined) repeats.learn(message, text)
    return event
  }
}

/** The text of a message that says nothing else: one token of the first choice, and no counts. */
function textAlone({ pieces, tokens, completion, prompt, cached }: EngineEvent): string | undefined {
  const [piece] = pieces
  const alone = pieces.length === 1 && tokens === 1 && (completion ?? prompt ?? cached) === undefined
  return alone && Object.keys(piece!).length === 1 ? piece!.text : undefined
}

function readMessage(message: string, reading: Reading): EngineEvent {
  const json = parseObject(message)
  if (json['error'] !== undefined) throw new HeddleError('engine_down', 'the engine failed', { cause: json['error'] })
  const list = listAt(json, 'choices')
  if (list.length > reading.choices) throw malformed('more choices than were asked for')
  const event: EngineEvent = { pieces: [], tokens: 0 }
  for (const choice of list) {
    if (!isObject(choice)) throw malformed('a choice is no object')
    readChoice(choice, reading, event)
  }
  if (isObject(json['usage'])) readUsage(json['usage'], list[0], reading, event)
  else if (isObject(json['timings'])) readTimings(json['timings'], event)
  return event
}

function readChoice(choice: Json, reading: Reading, event: EngineEvent): void {
  const index = countAt(choice, 'index') ?? 0
  if (index >= reading.choices) throw malformed(`there is no choice ${index}`)
  const pieces: Piece[] = []
  const delta = isObject(choice['delta']) ? choice['delta'] : objectAt(choice, 'message')
  const reasoning = textAt(delta, 'reasoning_content') ?? textAt(delta, 'reasoning')
  if (reasoning) pieces.push({ reasoning })
  const text = textAt(choice, 'text') ?? textAt(delta, 'content')
  const logprobs = logprobsOf(choice, reading)
  if (logprobs) pieces.push({ ...(text ? { text } : {}), logprobs })
  else if (text) pieces.push({ text })
  for (const [place, call] of listAt(delta, 'tool_calls').entries())
    pieces.push({ toolCall: readCall(call, place, index, reading) })
  const refusal = textAt(delta, 'refusal')
  if (refusal) pieces.push({ text: refusal })
  if (pieces.length > 0) event.tokens += logprobs?.length || 1
  const reason = textAt(choice, 'finish_reason')
  if (reason) pieces.push(finishOf(reason, choice['stop_reason'], reading.stop))
  const own = index === 0 ? pieces : pieces.map(piece => ({ choice: index, ...piece }))
  event.pieces = event.pieces.length === 0 ? own : [...event.pieces, ...own]
}

/** Log-probabilities that were asked for, in either of their shapes. */
function logprobsOf(choice: Json, { logprobs: most }: Reading): Piece['logprobs'] {
  const given = choice['logprobs']
  if (most === undefined || !isObject(given)) return undefined
  const found = Array.isArray(given['content'])
    ? given['content'].map(one => logprobOf(one, most))
    : logprobLists(given, most)
  return found.length > 0 ? found : undefined
}

/** A piece of a tool call: the first one has id and name. Calls come one after the other. */
function readCall(
  value: unknown,
  place: number,
  choice: number,
  { calls, callIds }: Reading,
): NonNullable<Piece['toolCall']> {
  if (!isObject(value)) throw malformed('a tool call is no object')
  const index = countAt(value, 'index') ?? place
  if (index >= MAX_TOOL_CALLS) throw malformed(`there are more than ${MAX_TOOL_CALLS} tool calls`)
  const given = objectAt(value, 'function')
  const text = textAt(given, 'arguments') ?? ''
  const current = calls.get(choice) ?? -1
  if (index === current) return { index, arguments: text }
  if (index < current) throw malformed('a tool call goes on after the next has begun')
  const name = textAt(given, 'name')
  if (!name) throw malformed('a tool call has no name')
  calls.set(choice, index)
  return { index, id: callIds[choice]!(textAt(value, 'id')), name, arguments: text }
}

const FINISHES: Readonly<Record<string, NonNullable<Piece['finish']>>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool_calls',
  function_call: 'tool_calls',
  content_filter: 'stop',
}

/** vLLM says which stop string ended the answer. */
function finishOf(reason: string, stopped: unknown, stop: readonly string[]): Piece {
  const finish = Object.hasOwn(FINISHES, reason) ? FINISHES[reason]! : 'stop'
  return typeof stopped === 'string' && stop.includes(stopped) ? { finish, stopped } : { finish }
}

function readUsage(usage: Json, choice: unknown, { counts }: Reading, event: EngineEvent): void {
  event.completion = countAt(usage, 'completion_tokens')
  event.prompt = countAt(usage, 'prompt_tokens')
  event.cached = countAt(objectAt(usage, 'prompt_tokens_details'), 'cached_tokens')
  // A count in a chunk that has a choice is that choice's; at the end it is everybody's.
  if (!isObject(choice) || event.completion === undefined) return
  counts.set(countAt(choice, 'index') ?? 0, event.completion)
  if (counts.size > 1) event.completion = [...counts.values()].reduce((sum, count) => sum + count, 0)
}

function readTimings(timings: Json, event: EngineEvent): void {
  const cached = countAt(timings, 'cache_n') ?? 0
  const read = countAt(timings, 'prompt_n')
  if (read === undefined) return
  event.prompt = read + cached
  event.cached = cached
  event.completion = countAt(timings, 'predicted_n')
}
