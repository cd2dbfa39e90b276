import { MAX_CHOICES, MAX_EMBEDDINGS, MAX_TOOL_CALLS, MAX_TOP_LOGPROBS } from '../limits.ts'
import type { Piece, TokenLogprob } from '../output.ts'

/** UTF-16 units of one text: far more than a chunk of tokens has. */
const MAX_TEXT = 1 << 17
/** Base64 of an embedding of 65,536 dimensions. */
const MAX_EMBEDDING = 1 << 19
const MAX_TOKEN_BYTES = 1_024
const MAX_LOGPROBS = 128

type Test = (value: unknown) => boolean
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText =
  (most: number): Test =>
  value =>
    typeof value === 'string' && value.length <= most
const isBelow =
  (limit: number): Test =>
  value =>
    Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < limit

const isLogprob: Test = value =>
  isRecord(value) &&
  isText(MAX_TOKEN_BYTES)(value['token']) &&
  Number.isFinite(value['logprob']) &&
  (value['bytes'] === null ||
    (Array.isArray(value['bytes']) && value['bytes'].length <= MAX_TOKEN_BYTES && value['bytes'].every(isBelow(256))))

const isLogprobs: Test = value =>
  Array.isArray(value) &&
  value.length <= MAX_LOGPROBS &&
  value.every(
    (one: TokenLogprob & { top: unknown }) =>
      isLogprob(one) && Array.isArray(one.top) && one.top.length <= MAX_TOP_LOGPROBS && one.top.every(isLogprob),
  )

const fields: Readonly<Record<keyof Piece, Test>> = {
  choice: isBelow(MAX_CHOICES),
  text: isText(MAX_TEXT),
  reasoning: isText(MAX_TEXT),
  toolCall: value => isRecord(value) && hasOnly(value, callFields) && value['index'] !== undefined,
  logprobs: isLogprobs,
  finish: value => value === 'stop' || value === 'length' || value === 'tool_calls',
  stopped: isText(MAX_TEXT),
  reasoningTokens: isBelow(Number.MAX_SAFE_INTEGER),
  embedding: value => isRecord(value) && hasOnly(value, embeddingFields) && Object.keys(value).length === 2,
}
const callFields: Readonly<Record<string, Test>> = {
  index: isBelow(MAX_TOOL_CALLS),
  id: isText(128),
  name: isText(64),
  arguments: isText(MAX_TEXT),
}
const embeddingFields: Readonly<Record<string, Test>> = { index: isBelow(MAX_EMBEDDINGS), data: isText(MAX_EMBEDDING) }

const hasOnly = (value: Record<string, unknown>, tests: Readonly<Record<string, Test>>): boolean =>
  Object.entries(value).every(([key, field]) => Object.hasOwn(tests, key) && tests[key]!(field))

/** A piece that an engine's process may have made: nothing unknown in it, and everything of a bounded size. */
export const isEnginePiece = (value: unknown): value is Piece => isRecord(value) && hasOnly(value, fields)
