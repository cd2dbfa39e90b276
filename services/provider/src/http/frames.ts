import type { ServerResponse } from 'node:http'
import { drained } from '@heddle/daemon'
import {
  type Alive,
  canonical,
  concat,
  encodeFrame,
  type FrameKind,
  type HeddleError,
  MAX_FRAME,
  packAlive,
  packReceipt,
  type SignedReceipt,
  type Usage,
  usageToJson,
  utf8,
} from '@heddle/protocol'

const FRAMES = 'application/vnd.heddle.frames'

/**
 * Frames on a response, which starts with the first of them: what fails earlier is an HTTP error. What is delivered in one
 * turn of the event loop leaves together; the end of an answer leaves with its receipt, so a short answer is one write.
 */
export function framesOn(response: ServerResponse) {
  let at = performance.now()
  let waiting: Uint8Array[] = []
  let length = 0
  let held = false
  let scheduled = false
  const add = (kind: FrameKind, payload: Uint8Array): void => {
    const frame = encodeFrame(kind, payload)
    waiting.push(frame)
    length += frame.length
  }
  const take = (): Uint8Array => {
    const bytes = waiting.length === 1 ? waiting[0]! : concat(...waiting)
    waiting = []
    length = 0
    return bytes
  }
  const flush = (): void => {
    if (length === 0) return
    at = performance.now()
    if (!response.headersSent) {
      response.writeHead(200, { 'content-type': FRAMES })
      response.socket?.setNoDelay(true)
    }
    response.write(take())
  }
  const later = (): void => {
    scheduled = false
    if (!held) flush()
  }
  const end = (kind: FrameKind, payload: Uint8Array): void => {
    add(kind, payload)
    if (!response.headersSent) response.writeHead(200, { 'content-type': FRAMES, 'content-length': length })
    response.end(take())
  }
  return {
    output(bytes: Uint8Array): void {
      add('output', bytes)
      if (scheduled) return
      scheduled = true
      setImmediate(later)
    },
    /** What is not out yet waits for the receipt. */
    hold(): void {
      held = true
    },
    /** A whole stored output, in as many frames as it takes. */
    all(bytes: Uint8Array): void {
      for (let at = 0; at < bytes.length; at += MAX_FRAME) add('output', bytes.subarray(at, at + MAX_FRAME))
    },
    raise({ ceiling, used }: { ceiling: bigint; used: Usage }): void {
      add('raise', utf8(canonical({ ceiling: ceiling.toString(), used: usageToJson(used) })))
      flush()
    },
    /** A sign of life; never between what waits for the receipt. */
    alive(sign: Alive): void {
      if (held || response.writableEnded) return
      add('alive', packAlive(sign))
      flush()
    },
    /** Milliseconds since anything was sent. */
    silence: (): number => performance.now() - at,
    receipt: (receipt: SignedReceipt): void => end('receipt', packReceipt(receipt)),
    error: (error: HeddleError): void => end('error', utf8(canonical(error.toJSON()))),
    /** True once something is out, or waits to be. */
    begun: (): boolean => response.headersSent || length > 0,
    drained(): Promise<void> {
      flush()
      return drained(response)
    },
  }
}

export type Frames = ReturnType<typeof framesOn>
