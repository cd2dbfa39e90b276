import { fromUtf8, HeddleError } from '@heddle/protocol'

/** The likelihood of one token: natural logarithm, the token's text and its bytes. */
export type TokenLogprob = { token: string; bytes: number[] | null; logprob: number }

/**
 * A piece of an answer. `choice` counts the answers of one job from 0. Of a tool call the first piece has id and name,
 * each piece more of the arguments; the calls
 * of one choice follow each other, none goes on once the next has begun. `finish` ends a choice (`filtered`: the engine kept the rest
 * to itself); `stopped` is the stop string that did.
 */
export type Piece = {
  choice?: number
  text?: string
  reasoning?: string
  toolCall?: { index: number; id?: string; name?: string; arguments?: string }
  logprobs?: (TokenLogprob & { top: TokenLogprob[] })[]
  finish?: 'stop' | 'length' | 'tool_calls' | 'filtered'
  stopped?: string
  /** Completion tokens so far that were reasoning. */
  reasoningTokens?: number
  /** Base64 of little-endian 32-bit floats, for the input with this number. */
  embedding?: { index: number; data: string }
}

/** Begins a piece that is not plain text of the first choice: ASCII's record separator, JSON, a line feed. */
const RECORD = '\x1e'

const isPlain = ({ text, ...rest }: Piece): boolean =>
  text !== undefined && !text.includes(RECORD) && Object.keys(rest).length === 0

/**
 * A job's output is UTF-8: the text of the first choice as it is, and every other piece as a record. So a plain answer
 * costs nothing but its bytes, and its digest is the digest of its text.
 *
 * @example
 * ```ts
 * // sketch
 * encodePiece({ text: 'hi' }) // 'hi'
 * encodePiece({ choice: 1, text: 'hi' }) // '\x1e{"choice":1,"text":"hi"}\n'
 * ```
 */
export const encodePiece = (piece: Piece): string =>
  isPlain(piece) ? piece.text! : `${RECORD}${JSON.stringify(piece)}\n`

/** Longest record that is read: an embedding of 16,384 dimensions, or a long tool call, fits. */
const MAX_RECORD = 1 << 20

/** Reads pieces back, however the bytes are cut. Throws `receipt_mismatch` for what no worker writes. */
export function startPieces(): { push(bytes: Uint8Array): Piece[]; end(): Piece[] } {
  const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })
  // A record whose end has not come: kept in parts, so that one that comes byte by byte is not read again each time.
  let parts: string[] = []
  let waiting = 0
  const keep = (text: string): void => {
    parts.push(text)
    waiting += text.length
    if (waiting > MAX_RECORD) throw malformed('a record is too long')
  }
  const read = (text: string): Piece[] => {
    if (waiting === 0 && !text.includes(RECORD)) return text === '' ? [] : [{ text }]
    if (waiting > 0 && !text.includes('\n')) {
      keep(text)
      return []
    }
    let rest = parts.join('') + text
    parts = []
    waiting = 0
    const pieces: Piece[] = []
    for (;;) {
      const start = rest.indexOf(RECORD)
      if (start < 0) {
        if (rest !== '') pieces.push({ text: rest })
        return pieces
      }
      if (start > 0) pieces.push({ text: rest.slice(0, start) })
      const end = rest.indexOf('\n', start)
      if (end < 0) {
        keep(rest.slice(start))
        return pieces
      }
      if (end - start > MAX_RECORD) throw malformed('a record is too long')
      pieces.push(readPiece(rest.slice(start + 1, end)))
      rest = rest.slice(end + 1)
    }
  }
  return {
    push: bytes => read(decoder.decode(bytes, { stream: true })),
    end() {
      const pieces = read(decoder.decode())
      if (waiting > 0) throw malformed('a record has no end')
      return pieces
    },
  }
}

/** All of a stored output. */
export function readPieces(output: Uint8Array): Piece[] {
  const pieces = startPieces()
  return [...pieces.push(output), ...pieces.end()]
}

/** The text of the first choice of a stored output; its reasoning and tool calls are left out. */
export const textOf = (output: Uint8Array): string =>
  fromUtf8(output).includes(RECORD)
    ? readPieces(output)
        .map(piece => (piece.choice ? '' : (piece.text ?? '')))
        .join('')
    : fromUtf8(output)

/** What no worker writes. */
export const malformed = (why: string): HeddleError =>
  new HeddleError('receipt_mismatch', `the output is malformed: ${why}`)

function readPiece(json: string): Piece {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (cause) {
    throw new HeddleError('receipt_mismatch', 'the output is malformed: a record is not JSON', { cause })
  }
  if (!isPiece(value)) throw malformed('a record is no piece')
  return value
}

type Test = (value: unknown) => boolean
const isString: Test = value => typeof value === 'string'
const isCount: Test = value => Number.isSafeInteger(value) && (value as number) >= 0
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isLogprob = (value: unknown): boolean =>
  isRecord(value) &&
  isString(value['token']) &&
  typeof value['logprob'] === 'number' &&
  (value['bytes'] === null || (Array.isArray(value['bytes']) && value['bytes'].every(isCount)))

const fields: Readonly<Record<keyof Piece, Test>> = {
  choice: isCount,
  text: isString,
  reasoning: isString,
  toolCall: value =>
    isRecord(value) &&
    isCount(value['index']) &&
    ['id', 'name', 'arguments'].every(key => value[key] === undefined || isString(value[key])),
  logprobs: value =>
    Array.isArray(value) && value.every(it => isLogprob(it) && Array.isArray(it.top) && it.top.every(isLogprob)),
  finish: value => ['stop', 'length', 'tool_calls', 'filtered'].includes(value as string),
  stopped: isString,
  reasoningTokens: isCount,
  embedding: value => isRecord(value) && isCount(value['index']) && isString(value['data']),
}

function isPiece(value: unknown): value is Piece {
  return (
    isRecord(value) &&
    Object.entries(value).every(([key, field]) => Object.hasOwn(fields, key) && fields[key as keyof Piece](field))
  )
}
