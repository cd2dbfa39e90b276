import type { Piece, TokenLogprob } from '../output.ts'
import { isObject, type Json, listAt, malformed, textAt } from './json.ts'

/** What one message of an engine's stream says, in our words. */
export type EngineEvent = {
  pieces: Piece[]
  /** Completion tokens that this message stands for, where the engine does not count by itself. */
  tokens: number
  /** The engine's own counts up to here; `prompt` includes what was `cached`. */
  completion?: number | undefined
  prompt?: number | undefined
  cached?: number | undefined
  /** The stream is complete. */
  done?: boolean
}

/** Reads the messages of one answer, one after the other. Throws `engine_malformed`, `engine_down`. */
export type EventReader = (message: string) => EngineEvent

/** Reads one token's likelihood, as OpenAI and Ollama both write it. */
export function logprobOf(value: unknown): TokenLogprob & { top: TokenLogprob[] } {
  if (!isObject(value)) throw malformed('a log-probability is no object')
  return { ...tokenLogprob(value), top: listAt(value, 'top_logprobs').map(one => tokenLogprob(one)) }
}

function tokenLogprob(value: unknown): TokenLogprob {
  if (!isObject(value)) throw malformed('a log-probability is no object')
  const { logprob } = value
  if (typeof logprob !== 'number' || !Number.isFinite(logprob)) throw malformed('a log-probability is no number')
  return { token: textAt(value, 'token') ?? '', bytes: bytesOf(value), logprob }
}

function bytesOf(value: Json): number[] | null {
  const bytes = value['bytes']
  if (!Array.isArray(bytes) || bytes.length > 256) return null
  return bytes.every(one => Number.isInteger(one) && one >= 0 && one <= 255) ? (bytes as number[]) : null
}
