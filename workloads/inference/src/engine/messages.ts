import type { Message } from '../limits.ts'

/**
 * What crosses the wall between the daemon and the engine's process. Small on purpose: one message permits a chunk,
 * one carries the text of one or more tokens.
 */

/** How tokens are drawn. `seed` is below 2^32 − 1, the value by which llama.cpp means "surprise me". */
export type Sampling = { temperature: number; topP: number; seed: number }

/** Starts a job and permits its first chunk. */
export type Ask = {
  type: 'open'
  job: number
  messages: readonly Message[]
  /** The prompt is refused when it comes out longer: what the bound promised. */
  maxPrompt: number
  maxCompletion: number
  sampling: Sampling
  stop: readonly string[]
}

export type ToEngine = Ask | { type: 'more'; job: number } | { type: 'close'; job: number }

/** The engine's own facts, once the model is loaded. */
export type EngineFacts = {
  build: string
  /** Tokens that prompt and completion of one job can have together. */
  context: number
  sequences: number
  threads: number
  template: string
}

/** Cumulative counts of a job, exact for the text sent so far. */
export type Counts = { prompt: number; completion: number }

export type FromEngine =
  | ({ type: 'ready' } & EngineFacts)
  | ({ type: 'text'; job: number; text: string } & Counts)
  | ({ type: 'pause'; job: number; finish?: 'stop' | 'length' } & Counts)
  | { type: 'failed'; job: number; code: 'context_exceeded' | 'internal'; message: string }
  | { type: 'closed'; job: number }
  | { type: 'fatal'; message: string }

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0

/** A message as the daemon believes it: the process that sends it parses strangers' words. Undefined for nonsense. */
export function readFromEngine(value: unknown): FromEngine | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const message = value as Record<string, unknown>
  const { type, text, finish, code } = message
  const numbers = fields[type as FromEngine['type']]
  if (!numbers || !Object.hasOwn(fields, type as string) || !numbers.every(name => isCount(message[name])))
    return undefined
  if (type === 'text' && typeof text !== 'string') return undefined
  if (type === 'pause' && ![undefined, 'stop', 'length'].includes(finish as string)) return undefined
  if (type === 'failed' && code !== 'context_exceeded' && code !== 'internal') return undefined
  return value as FromEngine
}

const fields: Readonly<Record<FromEngine['type'], readonly string[]>> = {
  ready: ['context', 'sequences', 'threads'],
  text: ['job', 'prompt', 'completion'],
  pause: ['job', 'prompt', 'completion'],
  failed: ['job'],
  closed: ['job'],
  fatal: [],
}

/** What the engine's process is started with, as one JSON argument. */
export type EngineConfig = {
  modelPath: string
  context: number
  sequences: number
  /** 0 lets the engine choose: physical cores − 1. */
  threads: number
  batch: number
  /** Milliseconds without a job after which the context's memory is given back. */
  idleMs: number
}
