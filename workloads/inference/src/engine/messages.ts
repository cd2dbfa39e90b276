import { MAX_COMPLETION } from '../limits.ts'
import type { Piece } from '../output.ts'
import type { InferenceSpec } from '../spec.ts'
import { isEnginePiece } from './pieces.ts'
import type { RefusalCode } from './refused.ts'

/**
 * What crosses the wall between the daemon and the engine's process. Small on purpose: one message permits a chunk,
 * one carries what one or more tokens brought.
 */

/** Starts a job and permits its first chunk. */
export type Ask = {
  type: 'open'
  job: number
  spec: InferenceSpec
  /** The prompt is refused when it comes out longer: what the bound promised. */
  maxPrompt: number
  /** The job's seed, 32 bytes in hex. */
  seed: string
  /** Only the prompt's tokens are wanted. */
  count?: true
}

export type ToEngine = Ask | { type: 'more'; job: number } | { type: 'close'; job: number }

/** The engine's own facts, once the model is loaded. */
export type EngineFacts = {
  build: string
  /** The kind of processor, as far as it changes what is computed. */
  hardware: string
  /** Tokens that prompt and completion of one job can have together. */
  context: number
  sequences: number
  threads: number
  template: string
  /** In words; begins with `none` when the processor does all the work. */
  gpu: string
  features: readonly string[]
  quantization?: string
}

/** Cumulative counts of a job, exact for what was sent so far. */
export type Counts = { prompt: number; cached: number; completion: number }

export type FromEngine =
  | ({ type: 'ready' } & EngineFacts)
  | ({ type: 'pieces'; job: number; pieces: Piece[] } & Counts)
  /** A part of the prompt was read. */
  | { type: 'working'; job: number }
  /** The chunk is over; `finish` when the job is, with the leaves of its evidence in base64. */
  | ({ type: 'pause'; job: number; finish?: 'stop' | 'length'; evidence?: string[] } & Counts)
  /** `param` names the field that is at fault. */
  | { type: 'failed'; job: number; code: RefusalCode | 'internal'; message: string; param?: string }
  /** The last message of a job: its sequence is free again. */
  | { type: 'closed'; job: number }
  | { type: 'fatal'; message: string }

const MAX_PIECES = 512
const MAX_WORDS = 2_000
/** A head, and a leaf for every 32 tokens. */
const MAX_LEAVES = 2 + MAX_COMPLETION / 32
const CODES = ['context_exceeded', 'bad_request', 'unsupported_field', 'internal'] satisfies (
  | RefusalCode
  | 'internal'
)[]

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0
const isWords = (value: unknown, most = MAX_WORDS): boolean => typeof value === 'string' && value.length <= most

const areLeaves = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= MAX_LEAVES && value.every(one => isWords(one, 90_000))

/** Undefined for anything that is no sound message: the engine's process is not trusted. */
export function readFromEngine(value: unknown): FromEngine | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const message = value as Record<string, unknown>
  const type = message['type'] as FromEngine['type']
  if (!Object.hasOwn(counts, type) || !counts[type].every(name => isCount(message[name]))) return undefined
  return sound[type]?.(message) === false ? undefined : (value as FromEngine)
}

const counts: Readonly<Record<FromEngine['type'], readonly string[]>> = {
  ready: ['context', 'sequences', 'threads'],
  pieces: ['job', 'prompt', 'cached', 'completion'],
  pause: ['job', 'prompt', 'cached', 'completion'],
  working: ['job'],
  failed: ['job'],
  closed: ['job'],
  fatal: [],
}

const sound: Readonly<Partial<Record<FromEngine['type'], (message: Record<string, unknown>) => boolean>>> = {
  ready: ({ build, hardware, template, gpu, features, quantization }) =>
    [build, hardware, template, gpu].every(one => isWords(one, 200)) &&
    (quantization === undefined || isWords(quantization, 32)) &&
    Array.isArray(features) &&
    features.length <= 64 &&
    features.every(one => isWords(one, 32)),
  pieces: ({ pieces }) => Array.isArray(pieces) && pieces.length <= MAX_PIECES && pieces.every(isEnginePiece),
  pause: ({ finish, evidence }) =>
    [undefined, 'stop', 'length'].includes(finish as undefined) && (evidence === undefined || areLeaves(evidence)),
  failed: ({ code, message, param }) =>
    (CODES as unknown[]).includes(code) && isWords(message) && (param === undefined || isWords(param)),
  fatal: ({ message }) => isWords(message),
}

/**
 * Tokens evaluated in one step, unless told otherwise. llama.cpp computes attention in another way for 64 and more at
 * once, and with quantised weights rounding makes a tenth of a nat of that: below it a step and single tokens
 * give the same numbers, and an answer can be checked.
 */
export const STEP_TOKENS = 48

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
  /** Evaluates one token before the first job, so that nobody waits for what is made and mapped only once. */
  warmUp: boolean
}
