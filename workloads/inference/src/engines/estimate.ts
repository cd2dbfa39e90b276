import { byteLength } from '../limits.ts'
import { type GenerationSpec, type InferenceSpec, textsOf } from '../spec.ts'
import { promptBound } from '../workload.ts'

/**
 * What is counted where an engine counts nothing: from bytes, and rather too little than too much. The usual vocabularies
 * need a token for every three to five bytes of usual text.
 */
const USUAL_BYTES_A_TOKEN = 6
/** In dense text: base64, digits, scripts that a vocabulary hardly knows. */
const DENSE_BYTES_A_TOKEN = 2
/** An answer that is worth to be begun, in tokens. */
const LEAST_ROOM = 16
/** The longest text that may be one token, in bytes. */
const ONE_TOKEN = 32

/** Tokens that a message of a stream stands for: nearly always one. */
export function tokensIn(text: string): number {
  const bytes = text.length > ONE_TOKEN / 4 ? byteLength(text) : text.length
  return bytes <= ONE_TOKEN ? 1 : Math.ceil(bytes / USUAL_BYTES_A_TOKEN)
}

/** Everything that becomes the prompt, but for pictures and what a template writes around it. */
export function promptTexts(spec: InferenceSpec): string[] {
  const more = spec.task === 'chat' ? [spec.tools, spec.format].filter(one => one !== undefined) : []
  return [...textsOf(spec), ...more.map(one => JSON.stringify(one))]
}

const promptBytes = (spec: InferenceSpec): number => promptTexts(spec).reduce((sum, text) => sum + byteLength(text), 0)

/**
 * How long an answer may become beside its prompt in so many tokens of context, as far as can be told from bytes: with
 * usual text, with text of which every token is short, and with any. At least one, in falling order.
 */
export function roomsBeside(spec: GenerationSpec, context: number): number[] {
  const { maxCompletion } = spec
  const prompts = [promptTokens(spec), Math.ceil(promptBytes(spec) / DENSE_BYTES_A_TOKEN), promptBound(spec, context)]
  const rooms = prompts.map(prompt => Math.min(maxCompletion, context - prompt)).filter(room => room >= LEAST_ROOM)
  return rooms.length > 0 ? [...new Set(rooms)] : [Math.min(maxCompletion, LEAST_ROOM)]
}

/** About how many tokens a prompt is; pictures and a template's own words are not counted. */
export const promptTokens = (spec: InferenceSpec): number => Math.ceil(promptBytes(spec) / USUAL_BYTES_A_TOKEN)
