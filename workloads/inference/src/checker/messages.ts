import type { Digest } from '@heddle/protocol'
import { type EngineFacts, readFromEngine } from '../engine/messages.ts'
import { MAX_COMPLETION } from '../limits.ts'
import type { GenerationSpec } from '../spec.ts'

/** What crosses the wall between whoever checks and the reference's process. */

/** Asks what the weights say of an answer. */
export type Look = {
  type: 'look'
  look: number
  spec: GenerationSpec
  /** What the evidence says that the prompt was: with another one nothing is evaluated. */
  promptDigest: Digest
  /** The drawn tokens, the one that ends the answer too. */
  tokens: readonly number[]
  /** How many positions to look at, from the first one on; 0 where only the text is wanted. */
  depth: number
  /** How many likeliest tokens are told at each. */
  top: number
}

export type ToReference = Look | { type: 'close'; look: number }

/** Likeliest tokens of one position in falling order, and their logits. */
export type Likeliest = { tokens: number[]; logits: number[] }

/** What the drawn tokens say when they are read as the engine reads them. */
export type Reading = {
  text: string
  /** Completion tokens that an engine charges for this. */
  completion: number
  /** The position that ended the answer: by a token of the model, by a stop text, or not at all. */
  end: { by: 'token' | 'stop' | 'nothing'; at: number }
  stopped: string | null
}

export type FromReference =
  | ({ type: 'ready' } & EngineFacts)
  | { type: 'fatal'; message: string }
  | {
      type: 'looked'
      look: number
      vocabulary: number
      prompt: { digest: Digest; tokens: number }
      /** Null where a token is none of the model's. */
      reading: Reading | null
      likeliest: Likeliest[]
      /** Processor time of the reference, in milliseconds, and tokens evaluated. */
      milliseconds: number
      evaluated: number
    }
  /** A step of a look was made. */
  | { type: 'working'; look: number }
  | { type: 'failed'; look: number; code: FailureCode; message: string }

export type Looked = Extract<FromReference, { type: 'looked' }>
/** Why there is no answer: the engine's own words for a job, its own fault, or because nobody waits any more. */
export type FailureCode = 'context_exceeded' | 'bad_request' | 'unsupported_field' | 'internal' | 'closed'

const CODES: readonly string[] = ['context_exceeded', 'bad_request', 'unsupported_field', 'internal', 'closed']
const ENDS: readonly unknown[] = ['token', 'stop', 'nothing']
const MAX_TEXT = 1 << 24
const MAX_TOP = 512

type Test = (value: unknown) => boolean
const isCount: Test = value => Number.isSafeInteger(value) && (value as number) >= 0
const isText = (value: unknown, most: number): boolean => typeof value === 'string' && value.length <= most
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const isList = (value: unknown, most: number, test: Test): value is unknown[] =>
  Array.isArray(value) && value.length <= most && value.every(test)

const isLikeliest: Test = value =>
  isRecord(value) &&
  isList(value['tokens'], MAX_TOP, isCount) &&
  isList(value['logits'], MAX_TOP, Number.isFinite) &&
  value['tokens'].length > 0 &&
  value['tokens'].length === value['logits'].length

const isReading: Test = value =>
  isRecord(value) &&
  isText(value['text'], MAX_TEXT) &&
  isCount(value['completion']) &&
  (value['stopped'] === null || isText(value['stopped'], 1_024)) &&
  isRecord(value['end']) &&
  ENDS.includes(value['end']['by']) &&
  isCount(value['end']['at'])

/** Undefined for anything that is no sound message: the process reads files and texts of strangers, and is not trusted. */
export function readFromReference(value: unknown): FromReference | undefined {
  if (!isRecord(value)) return undefined
  const { type, look, prompt } = value
  if (type === 'ready' || type === 'fatal') return readFromEngine(value) as FromReference | undefined
  if (!isCount(look)) return undefined
  if (type === 'working') return value as FromReference
  if (type === 'failed')
    return CODES.includes(value['code'] as string) && isText(value['message'], 2_000)
      ? (value as FromReference)
      : undefined
  const sound =
    type === 'looked' &&
    isCount(value['vocabulary']) &&
    isRecord(prompt) &&
    /^0x[0-9a-f]{64}$/.test(String(prompt['digest'])) &&
    isCount(prompt['tokens']) &&
    (value['reading'] === null || isReading(value['reading'])) &&
    isList(value['likeliest'], MAX_COMPLETION + 1, isLikeliest) &&
    Number.isFinite(value['milliseconds']) &&
    (value['milliseconds'] as number) >= 0 &&
    isCount(value['evaluated'])
  return sound ? (value as FromReference) : undefined
}
