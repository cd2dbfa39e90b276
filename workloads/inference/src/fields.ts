import { nestsDeeper, orderedText, parseOrdered } from '@heddle/protocol'
import { z } from 'zod'
import { byteLength, MAX_IMAGE_LENGTH, MAX_MESSAGE_BYTES, MAX_SCHEMA_BYTES, MAX_SCHEMA_DEPTH } from './limits.ts'

/** The fields that the job's spec and every door share, so that what a door lets in is a spec without a second look. */

/** RFC 8785 has no form for a lone surrogate, and a tokenizer none for its bytes. */
export const wholeText = z.string().refine(value => value.isWellFormed(), 'holds half a character')

/** Text of one message. A door says of a longer one what it says of a prompt that no context holds. */
export const boundedText = wholeText.refine(value => byteLength(value) <= MAX_MESSAGE_BYTES, {
  error: `is above ${MAX_MESSAGE_BYTES} bytes`,
  params: { tooLong: true },
})

/** The name of a tool or a schema, as every API writes it. */
export const toolName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'must be 1 to 64 of a-z, A-Z, 0-9, _ and -')

export const callId = z.string().regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 printable characters')

type JsonObject = Record<string, unknown>
const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether a value is JSON that reads the same everywhere: whole characters, and no `__proto__`, which parsers drop. */
function isSound(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (Array.isArray(value)) return value.every(isSound)
  if (!isObject(value)) return value === null || typeof value === 'boolean' || Number.isFinite(value)
  return Object.keys(value).every(key => key !== '__proto__' && key.isWellFormed() && isSound(value[key]))
}

const SCHEMA = `must be a JSON schema of at most ${MAX_SCHEMA_BYTES} bytes and ${MAX_SCHEMA_DEPTH} levels`
const isSchemaText = (text: string): boolean =>
  byteLength(text) <= MAX_SCHEMA_BYTES && !nestsDeeper(text, MAX_SCHEMA_DEPTH)

/**
 * A JSON schema as a job has it: text, because the order of its properties is the order of the answer's, which signed
 * JSON does not keep. Written without spaces, so that one schema has one digest.
 */
export const schemaText = z.string().refine(text => isSchemaText(text) && isOwnText(text), SCHEMA)

function isOwnText(text: string): boolean {
  try {
    const value = parseOrdered(text)
    return isObject(value) && isSound(value) && orderedText(value) === text
  } catch {
    return false
  }
}

/** A JSON schema as a request has it, read to the text that a job has; what it means is for the schema's reader. */
export const jsonSchema = z
  .custom<JsonObject>(isObject, 'must be a JSON schema')
  .refine(value => isSound(value) && isSchemaText(orderedText(value)), SCHEMA)
  .transform(value => orderedText(value))

export const imageMedia = z.enum(['image/png', 'image/jpeg'])
export const imageData = z
  .string()
  .max(MAX_IMAGE_LENGTH)
  .regex(/^[A-Za-z0-9+/]+={0,2}$/, 'must be base64')

/** A token's number in the model's vocabulary, as the key of a JSON object. */
export const tokenNumber = z.string().regex(/^(0|[1-9][0-9]{0,6})$/, "must be a token's number")
