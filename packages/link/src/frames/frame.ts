import { HeddleError } from '@heddle/protocol'

/** Both sides count these, so that after a drop each can say how many it has. */
export type CountedFrame =
  /** Begins a stream: what it is about is for whoever answers it. */
  | { kind: 'open'; stream: number; payload: Uint8Array }
  /** A message, or with `more` a part of one. */
  | { kind: 'data'; stream: number; payload: Uint8Array; more: boolean }
  /** So many more bytes may come on a stream. */
  | { kind: 'window'; stream: number; bytes: number }
  /** Nothing more comes on a stream from this side. */
  | { kind: 'end'; stream: number }
  /** A stream is over on both sides at once: why, as a code. */
  | { kind: 'reset'; stream: number; code: string }

/**
 * What a link carries. A record is a sequence of frames: one byte of kind, then numbers as LEB128 and bytes with their
 * length before them. What is not counted is about the connection itself.
 */
export type Frame =
  | CountedFrame
  /** The first frame on every connection: how many counted frames came before the next. */
  | { kind: 'from'; count: number }
  /** So many counted frames have arrived. */
  | { kind: 'ack'; count: number }
  | { kind: 'alive' }
  /** The link is over for good: why, as a code. */
  | { kind: 'close'; code: string }

const KINDS = { open: 1, data: 2, more: 3, window: 4, end: 5, reset: 6, from: 7, ack: 8, alive: 9, close: 10 } as const

/** Most bytes that one frame carries: longer messages go in parts. */
export const MAX_PAYLOAD = 1 << 16
const MAX_CODE = 64
/** Most bytes before a payload: kind, stream, length. */
const LONGEST_HEAD = 1 + 7 + 3

const broken = (why: string): HeddleError => new HeddleError('link_broken', why)

class Writer {
  readonly bytes: Uint8Array
  at = 0

  constructor(length: number) {
    this.bytes = new Uint8Array(length)
  }

  /** LEB128 of a whole number below 2^49. */
  number(value: number): this {
    let rest = value
    while (rest > 127) {
      this.bytes[this.at++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    this.bytes[this.at++] = rest
    return this
  }

  counted(payload: Uint8Array): this {
    this.number(payload.length)
    this.bytes.set(payload, this.at)
    this.at += payload.length
    return this
  }

  done(): Uint8Array {
    return this.bytes.subarray(0, this.at)
  }
}

const encoder = new TextEncoder()

/**
 * Bytes of a frame. Payloads are at most {@link MAX_PAYLOAD} bytes: whoever writes cuts them.
 *
 * @example
 * ```ts
 * import { encodeFrame, readFrames } from '@heddle/link'
 * readFrames(encodeFrame({ kind: 'end', stream: 1 })) // [{ kind: 'end', stream: 1 }]
 * ```
 */
export function encodeFrame(frame: Frame): Uint8Array {
  switch (frame.kind) {
    case 'open':
    case 'data': {
      const kind = frame.kind === 'data' && frame.more ? KINDS.more : KINDS[frame.kind]
      return new Writer(LONGEST_HEAD + frame.payload.length)
        .number(kind)
        .number(frame.stream)
        .counted(frame.payload)
        .done()
    }
    case 'window':
      return new Writer(16).number(KINDS.window).number(frame.stream).number(frame.bytes).done()
    case 'end':
      return new Writer(8).number(KINDS.end).number(frame.stream).done()
    case 'reset': {
      const code = encoder.encode(frame.code)
      return new Writer(LONGEST_HEAD + code.length).number(KINDS.reset).number(frame.stream).counted(code).done()
    }
    case 'from':
    case 'ack':
      return new Writer(8).number(KINDS[frame.kind]).number(frame.count).done()
    case 'alive':
      return Uint8Array.of(KINDS.alive)
    case 'close': {
      const code = encoder.encode(frame.code)
      return new Writer(LONGEST_HEAD + code.length).number(KINDS.close).counted(code).done()
    }
  }
}

class Reader {
  readonly bytes: Uint8Array
  at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  number(): number {
    let value = 0
    for (let place = 1; place < 2 ** 49; place *= 128) {
      const byte = this.bytes[this.at++]
      if (byte === undefined) throw broken('a frame ends within a number')
      value += (byte & 127) * place
      if (byte > 127) continue
      // One form a number: what is read is what was written.
      if (byte === 0 && place > 1) throw broken('a number with zeros before it')
      return value
    }
    throw broken('a number above 49 bits')
  }

  counted(most: number): Uint8Array {
    const length = this.number()
    if (length > most) throw broken(`${length} bytes in one frame: at most ${most}`)
    const end = this.at + length
    if (end > this.bytes.length) throw broken('a frame ends within its bytes')
    const payload = this.bytes.subarray(this.at, end)
    this.at = end
    return payload
  }

  /** Only of letters, digits and underscores: codes are printed. */
  code(): string {
    const code = String.fromCharCode(...this.counted(MAX_CODE))
    if (!/^[a-z0-9_]+$/.test(code)) throw broken('a code that is none')
    return code
  }
}

/** The frames of a record. Throws `link_broken` for any bytes that {@link encodeFrame} would not have written. */
export function readFrames(record: Uint8Array): Frame[] {
  const from = new Reader(record)
  const frames: Frame[] = []
  while (from.at < record.length) frames.push(readFrame(from))
  return frames
}

function readFrame(from: Reader): Frame {
  const kind = from.number()
  switch (kind) {
    case KINDS.open:
      return { kind: 'open', stream: from.number(), payload: from.counted(MAX_PAYLOAD) }
    case KINDS.data:
    case KINDS.more:
      return { kind: 'data', stream: from.number(), payload: from.counted(MAX_PAYLOAD), more: kind === KINDS.more }
    case KINDS.window:
      return { kind: 'window', stream: from.number(), bytes: from.number() }
    case KINDS.end:
      return { kind: 'end', stream: from.number() }
    case KINDS.reset:
      return { kind: 'reset', stream: from.number(), code: from.code() }
    case KINDS.from:
      return { kind: 'from', count: from.number() }
    case KINDS.ack:
      return { kind: 'ack', count: from.number() }
    case KINDS.alive:
      return { kind: 'alive' }
    case KINDS.close:
      return { kind: 'close', code: from.code() }
    default:
      throw broken(`no frame has the kind ${kind}`)
  }
}
