/**
 * The bounds of one inference job. No imports: the engine's process reads them too, and it stays small.
 */

/** Completion tokens that one permission is good for. */
export const CHUNK_TOKENS = 64

/** Messages of one conversation: an agent at work for a day writes two for every call. */
export const MAX_MESSAGES = 2_048
/** Parts of one message. */
export const MAX_PARTS = 256
/** UTF-8 bytes of one message, and of all text together. */
export const MAX_MESSAGE_BYTES = 262_144
export const MAX_PROMPT_BYTES = 524_288
export const MAX_COMPLETION = 32_768
export const MAX_STOPS = 16
/** UTF-16 units of one stop string: what may have to be held back while it could still match. */
export const MAX_STOP_LENGTH = 64
export const MAX_CHOICES = 8
export const MAX_TOP_LOGPROBS = 20
export const MAX_LOGIT_BIASES = 300
export const MAX_TOOLS = 512
export const MAX_TOOL_CALLS = 64
/** UTF-8 bytes of one JSON schema, as JSON, and how many objects and lists stand within each other in it. */
export const MAX_SCHEMA_BYTES = 65_536
export const MAX_SCHEMA_DEPTH = 64
export const MAX_IMAGES = 16
/** Base64 characters of one image. */
export const MAX_IMAGE_LENGTH = 4_194_304
export const MAX_EMBEDDINGS = 256
export const MAX_DIMENSIONS = 16_384

/** Bytes of an answer for each token that it may have, for each likelihood beside one, and for everything around them. */
export const BYTES_A_TOKEN = 2_048
export const BYTES_A_LOGPROB = 512
export const BYTES_AROUND = 1 << 20

/** Tokens that a chat template may add by itself (a default system prompt, the head of the answer) … */
export const TEMPLATE_TOKENS = 128
/** … around each message … */
export const MESSAGE_TOKENS = 16
/** … to explain that there are tools, or a schema, and around each of them … */
export const TOOLS_TOKENS = 1_024
/** … and for an image. A worker refuses a prompt that comes out longer, so that the bound is one. */
export const IMAGE_TOKENS = 4_096

const encoder = new TextEncoder()

/** UTF-8 bytes of a text. */
export const byteLength = (text: string): number => {
  // Nearly all text is short; counting it without encoding is a third of the cost.
  if (text.length > 4_096) return encoder.encode(text).length
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 0x7ff) bytes += unit >= 0xd800 && unit <= 0xdfff ? 1 : 2
    else if (unit > 0x7f) bytes += 1
  }
  return bytes
}
