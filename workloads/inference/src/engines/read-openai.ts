import type { Piece } from '../output.ts'
import type { GenerationSpec } from '../spec.ts'
import { startCallIds } from './call-ids.ts'
import { type CallParts, startCallParts } from './call-parts.ts'
import { tokensIn } from './estimate.ts'
import { type EngineEvent, type EventReader, logprobLists, logprobOf } from './event.ts'
import { countAt, isObject, type Json, listAt, malformed, objectAt, parseObject, textAt } from './json.ts'
import { errorIn, refusalInStream } from './refusal.ts'
import { startRepeats } from './repeats.ts'

/** What is known of an answer while it is read. */
type Reading = {
  choices: number
  stop: readonly string[]
  /** The likeliest tokens that were asked for beside each; undefined when none were. */
  logprobs: number | undefined
  /** The tool calls of each choice. */
  calls: CallParts[]
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
  const startCalls = (): CallParts[] => Array.from({ length: choices }, () => startCallParts(startCallIds(spec)))
  const reading: Reading = { choices, stop, logprobs, calls: startCalls(), counts: new Map() }
  // A probe is read beside the answer: it leaves nothing in what is known of it.
  const repeats = startRepeats(probe =>
    textAlone(readMessage(probe, { ...reading, calls: startCalls(), counts: new Map() })),
  )
  return message => {
    if (message === '[DONE]') return DONE
    const repeated = repeats.textIn(message)
    if (repeated) return { pieces: [{ text: repeated }], tokens: tokensIn(repeated) }
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
  const error = errorIn(json)
  if (error !== undefined) throw refusalInStream(error)
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
  const calls = reading.calls[index]!
  const parts = callsIn(delta)
  for (const [place, part] of parts.entries()) pieces.push(...calls.take(part, place).map(toolCall => ({ toolCall })))
  const refusal = textAt(delta, 'refusal')
  if (refusal) pieces.push({ text: refusal })
  if (pieces.length > 0 || parts.length > 0) event.tokens += logprobs?.length || tokensOf(pieces)
  const reason = textAt(choice, 'finish_reason')
  if (reason) {
    const end = finishOf(reason, choice['stop_reason'], reading.stop)
    pieces.push(...calls.end(end.finish !== 'length').map(toolCall => ({ toolCall })))
    pieces.push(toldBy(end, calls.any))
  }
  const own = index === 0 ? pieces : pieces.map(piece => ({ choice: index, ...piece }))
  event.pieces = event.pieces.length === 0 ? own : [...event.pieces, ...own]
}

/** Tokens that what a message says of one choice stands for. */
const tokensOf = (pieces: readonly Piece[]): number =>
  tokensIn(
    pieces.map(({ text = '', reasoning = '', toolCall }) => text + reasoning + (toolCall?.arguments ?? '')).join(''),
  )

/** Log-probabilities that were asked for, in either of their shapes. */
function logprobsOf(choice: Json, { logprobs: most }: Reading): Piece['logprobs'] {
  const given = choice['logprobs']
  if (most === undefined || !isObject(given)) return undefined
  const found = Array.isArray(given['content'])
    ? given['content'].map(one => logprobOf(one, most))
    : logprobLists(given, most)
  return found.length > 0 ? found : undefined
}

/** Parts of calls, also in the form that came before there could be several. */
function callsIn(delta: Json): readonly unknown[] {
  const parts = listAt(delta, 'tool_calls')
  const old = delta['function_call']
  return parts.length === 0 && isObject(old) ? [{ index: 0, function: old }] : parts
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

/** Some say no more than that they stopped, and some that they called, where no call came of it. */
function toldBy(end: Piece, called: boolean): Piece {
  if (called && end.finish === 'stop') return { finish: 'tool_calls' }
  return !called && end.finish === 'tool_calls' ? { finish: 'stop' } : end
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
