import { concat } from '../bytes.ts'
import { HeddleError } from '../errors/heddle-error.ts'

/**
 * The native wire: a job's answer is a sequence of frames, each one byte of kind, four bytes of length (big-endian),
 * and the payload. `output` carries bytes of the answer, `raise` a request for a higher ceiling, `receipt` the signed
 * receipt, packed (always last on success), `error` an error (always last otherwise). `alive` says how the job stands
 * while there is nothing else to say; only whoever asked for it with {@link WAIT_HEADER} is sent any.
 */
export const FRAME_KINDS = { output: 1, raise: 2, receipt: 3, error: 4, alive: 5 } as const
export type FrameKind = keyof typeof FRAME_KINDS
export type Frame = { kind: FrameKind; payload: Uint8Array }

/** Of a job that is posted: whole seconds that it may wait for a place, and that `alive` frames are understood. */
export const WAIT_HEADER = 'heddle-wait'

export const MAX_FRAME = 1 << 20
const HEADER = 5
const names = new Map<number, FrameKind>(Object.entries(FRAME_KINDS).map(([name, byte]) => [byte, name as FrameKind]))

/**
 * @example
 * ```ts
 * import { encodeFrame, frameReader, utf8 } from '@heddle/protocol'
 * frameReader().push(encodeFrame('output', utf8('hi'))).length // 1
 * ```
 */
export function encodeFrame(kind: FrameKind, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEADER + payload.length)
  frame[0] = FRAME_KINDS[kind]
  new DataView(frame.buffer).setUint32(1, payload.length)
  frame.set(payload, HEADER)
  return frame
}

/** Cuts a byte stream into frames, however it arrives. Throws `receipt_mismatch` for what is not a frame. */
export function frameReader(): { push(bytes: Uint8Array): Frame[]; pending(): number } {
  let rest: Uint8Array = new Uint8Array(0)
  return {
    pending: () => rest.length,
    push(bytes) {
      let buffer = rest.length === 0 ? bytes : concat(rest, bytes)
      const frames: Frame[] = []
      while (buffer.length >= HEADER) {
        const kind = names.get(buffer[0]!)
        const length = new DataView(buffer.buffer, buffer.byteOffset).getUint32(1)
        if (!kind || length > MAX_FRAME) throw new HeddleError('receipt_mismatch', 'the stream is not made of frames')
        if (buffer.length < HEADER + length) break
        frames.push({ kind, payload: buffer.slice(HEADER, HEADER + length) })
        buffer = buffer.subarray(HEADER + length)
      }
      rest = buffer.slice()
      return frames
    },
  }
}
