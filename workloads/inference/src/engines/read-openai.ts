import type { Piece } from '../output.ts'
import type { GenerationSpec } from '../spec.ts'
import { startCallIds } from './call-ids.ts'
import { startCallNames } from './call-names.ts'
import { type CallParts, startCallParts } from './call-parts.ts'
import { tokensIn } from './estimate.ts'
import { type EngineEvent, type EventReader, logprobLists, logprobOf } from './event.ts'
import { finishOf } from './finish.ts'
import {
  countAt,
  isObject,
  type Json,
  listAt,
  malformed,
  objectAt,
  parseObject,
  saysSomething,
  textAt,
} from './json.ts'
import { errorIn, refusalInStream } from './refusal.ts'
import { startRepeats } from './repeats.ts'
import { saidIn } from './said.ts'

/** What is known of an answer while it is read. */
type Reading = {
  choices: number
  stop: readonly string[]
  /** The likeliest tokens that were asked for beside each; undefined when none were. */
  logprobs: number | undefined
  /** The tool calls of each choice, whether it said anything, and whether it has ended. */
  calls: CallParts[]
  said: boolean[]
  ended: boolean[]
  /** Completion tokens of each choice, where the engine says them. */
  counts: Map<number, number>
}

/**
 * Reads a stream of `/v1/chat/completions` or `/v1/completions`: OpenAI's chunks, vLLM's counts in every chunk,
 * llama-server's `timings`, and reasoning under both of its names.
 */
export function openAiReader(spec: GenerationSpec): EventReader {
  const { choices = 1, stop, logprobs } = spec
  const startReading = (): Reading => ({
    ...{ choices, stop, logprobs, said: [], ended: [], counts: new Map() },
    calls: Array.from({ length: choices }, () => startCallParts(startCallIds(spec), startCallNames(spec))),
  })
  const reading = startReading()
  // A probe is read beside the answer: it leaves nothing in what is known of it.
  const repeats = startRepeats(probe => textAlone(readMessage(probe, startReading())))
  return message => {
    if (message === '[DONE]') return { pieces: endsOf(reading), tokens: 0, done: true }
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
  const said = saidIn(delta)
  const { reasoning } = said
  if (reasoning) pieces.push({ reasoning })
  const text = textAt(choice, 'text') ?? said.text
  const logprobs = logprobsOf(choice, reading)
  if (logprobs) pieces.push({ ...(text ? { text } : {}), logprobs })
  else if (text) pieces.push({ text })
  const calls = reading.calls[index]!
  const parts = callsIn(delta)
  for (const [place, part] of parts.entries()) pieces.push(...calls.take(part, place).map(toolCall => ({ toolCall })))
  const refusal = textAt(delta, 'refusal')
  if (refusal) pieces.push({ text: refusal })
  if (pieces.length > 0 || parts.length > 0) event.tokens += logprobs?.length || tokensOf(pieces)
  if (pieces.length > 0 || parts.length > 0) reading.said[index] = true
  const reason = choice['finish_reason']
  if (saysSomething(reason)) {
    pieces.push(...endOf(calls, endingOf(reason, choice['stop_reason'], reading.stop)))
    reading.ended[index] = true
    if (calls.torn) event.torn = [...(event.torn ?? []), index]
  }
  const own = index === 0 ? pieces : pieces.map(piece => ({ choice: index, ...piece }))
  event.pieces = event.pieces.length === 0 ? own : [...event.pieces, ...own]
}

/**
 * How a choice ends: what was held back of its calls, and why. Some say no more than that they stopped, and some that they
 * called where no call came of it.
 */
function endOf(calls: CallParts, end: Piece): Piece[] {
  const whole = end.finish !== 'length' && end.finish !== 'filtered'
  const left = calls.end(whole).map(toolCall => ({ toolCall }))
  if (!calls.any && end.finish === 'tool_calls') return [...left, { ...end, finish: 'stop' }]
  return [...left, calls.any && whole ? { finish: 'tool_calls' } : end]
}

/** The ends of what has spoken and did not say why it ended: some say no more than that all is done. */
function endsOf({ calls, said, ended }: Reading): Piece[] {
  return calls.flatMap((own, index) => {
    if (!said[index] || ended[index]) return []
    return endOf(own, { finish: 'stop' }).map(piece => (index === 0 ? piece : { choice: index, ...piece }))
  })
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

/** vLLM says which stop string ended the answer. */
function endingOf(reason: unknown, stopped: unknown, stop: readonly string[]): Piece {
  const finish = finishOf(reason)
  return typeof stopped === 'string' && stop.includes(stopped) ? { finish, stopped } : { finish }
}

function readUsage(usage: Json, choice: unknown, { counts }: Reading, event: EngineEvent): void {
  // Some write zeros until the end, or to it: that says nothing of an answer that is there.
  event.completion = countAt(usage, 'completion_tokens') || undefined
  event.prompt = countAt(usage, 'prompt_tokens') || undefined
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
  event.completion = countAt(timings, 'predicted_n') || undefined
}
