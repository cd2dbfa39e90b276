/**
 * The bounds of one inference job. No imports: the engine's process reads them too, and it stays small.
 */

/** Completion tokens that one permission is good for. */
export const CHUNK_TOKENS = 64

export const MAX_MESSAGES = 256
/** UTF-8 bytes of one message, and of all of them together. */
export const MAX_MESSAGE_BYTES = 262_144
export const MAX_PROMPT_BYTES = 524_288
export const MAX_COMPLETION = 32_768
export const MAX_STOPS = 4
/** UTF-16 units of one stop string: what may have to be held back while it could still match. */
export const MAX_STOP_LENGTH = 64

/** Tokens that a chat template may add by itself (a default system prompt, the head of the answer) … */
export const TEMPLATE_TOKENS = 128
/** … and around each message. A worker refuses a prompt that comes out longer, so that the bound is one. */
export const MESSAGE_TOKENS = 16

export type Message = { role: 'system' | 'user' | 'assistant'; content: string }

const encoder = new TextEncoder()

/** UTF-8 bytes of a text. */
export const byteLength = (text: string): number => encoder.encode(text).length

/** Most tokens that these messages can be: every token covers at least one byte of what was written. */
export function promptBound(messages: readonly Message[], context: number): number {
  const bytes = messages.reduce((sum, message) => sum + byteLength(message.content) + MESSAGE_TOKENS, TEMPLATE_TOKENS)
  return Math.min(bytes, context)
}
