import type { Piece, TokenLogprob } from '../output.ts'
import { isObject, type Json, listAt, malformed, textAt } from './json.ts'

/** What one message of an engine's stream says, in our words. */
export type EngineEvent = {
  pieces: readonly Piece[]
  /** Completion tokens that this message stands for, where the engine does not count by itself. */
  tokens: number
  /** The engine's own counts up to here; `prompt` includes what was `cached`. */
  completion?: number | undefined
  prompt?: number | undefined
  cached?: number | undefined
  /** Choices that ended, as their engine says by themselves, in the middle of a call's arguments. */
  torn?: readonly number[]
  /** The stream is complete. */
  done?: boolean
}

/** Reads the messages of one answer, one after the other. Throws `engine_malformed`, `engine_down`. */
export type EventReader = (message: string) => EngineEvent

type Logprob = NonNullable<Piece['logprobs']>[number]

/** Reads one token's likelihood, as OpenAI's chats and Ollama write it, with at most so many beside it. */
export function logprobOf(value: unknown, most: number): Logprob {
  if (!isObject(value)) throw malformed('a log-probability is no object')
  const top = listAt(value, 'top_logprobs').slice(0, most)
  return { ...tokenLogprob(value), top: top.map(tokenLogprob) }
}

function tokenLogprob(value: unknown): TokenLogprob {
  if (!isObject(value)) throw malformed('a log-probability is no object')
  return { token: textAt(value, 'token') ?? '', bytes: bytesOf(value), logprob: likelihood(value['logprob']) }
}

/**
 * Reads OpenAI's older shape, lists beside each other, which a plain completion has. It gives no bytes, and its lists
 * of the likeliest hold the drawn token too, in no order that could be relied on.
 */
export function logprobLists(lists: Json, most: number): Logprob[] {
  const likelihoods = listAt(lists, 'token_logprobs')
  const tops = listAt(lists, 'top_logprobs')
  return listAt(lists, 'tokens').map((token, i) => {
    if (typeof token !== 'string') throw malformed('a token is no text')
    return { token, bytes: null, logprob: likelihood(likelihoods[i]), top: likeliest(tops[i], most) }
  })
}

function likeliest(top: unknown, most: number): TokenLogprob[] {
  if (!isObject(top)) return []
  return Object.entries(top)
    .map(([token, logprob]) => ({ token, bytes: null, logprob: likelihood(logprob) }))
    .sort((a, b) => b.logprob - a.logprob)
    .slice(0, most)
}

function likelihood(value: unknown): number {
  // Nothing, or what was minus infinity: OpenAI writes this number for it.
  if (value === null) return -9_999
  if (typeof value !== 'number' || !Number.isFinite(value)) throw malformed('a log-probability is no number')
  return value
}

function bytesOf(value: Json): number[] | null {
  const bytes = value['bytes']
  if (!Array.isArray(bytes) || bytes.length > 256) return null
  return bytes.every(one => Number.isInteger(one) && one >= 0 && one <= 255) ? (bytes as number[]) : null
}
