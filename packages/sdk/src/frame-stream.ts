import { concat, errorFromJson, type Frame, frameReader, fromUtf8, HeddleError } from '@heddle/protocol'
import type { Dispatcher } from 'undici'

/** The frames of one answer, batch by batch as they arrive. */
export type FrameStream = {
  /** Undefined after the last. Throws what the provider says, `provider_unreachable`, `aborted`. */
  next(): Promise<readonly Frame[] | undefined>
  /** Whoever waits for the next frames is given this error instead; the exchange goes on, and can be read on. */
  interrupt(error: HeddleError): void
  /** Ends the exchange, wherever it is. */
  cancel(): void
}

/**
 * Unread bytes after which the provider is made to wait, and below which it goes on. What lies between is more than the
 * parser takes from its socket at once: with less, or with a count of frames, each pause would let more in than it let out.
 */
const HIGH_WATER = 512 << 10
const LOW_WATER = 256 << 10
/** Bytes of an error that are read. */
const MAX_ERROR = 65_536

/**
 * Sends a request and reads its answer as frames, straight from the parser: a stream object and its iterator would cost
 * as much as the request itself.
 */
export function openFrames(dispatcher: Dispatcher, request: Dispatcher.DispatchOptions): FrameStream {
  const reader = frameReader()
  const batches: { frames: readonly Frame[]; length: number }[] = []
  let unread = 0
  let waiting: { resolve(batch: readonly Frame[] | undefined): void; reject(error: unknown): void } | undefined
  let controller: Dispatcher.DispatchController | undefined
  let refusal: { status: number; parts: Uint8Array[]; length: number } | undefined
  let ended = false
  let failure: HeddleError | undefined

  function finish(error?: HeddleError): void {
    if (ended) return
    ended = true
    failure = error
    if (!waiting) return
    if (error) waiting.reject(error)
    else waiting.resolve(undefined)
    waiting = undefined
  }

  function cancel(): void {
    if (ended) return
    finish(new HeddleError('aborted'))
    controller?.abort(new HeddleError('aborted'))
  }

  function read(chunk: Uint8Array): void {
    if (ended) return
    if (refusal) {
      refusal.length += chunk.length
      if (refusal.length <= MAX_ERROR) refusal.parts.push(chunk)
      return
    }
    try {
      const frames = reader.push(chunk)
      if (frames.length === 0) return
      if (waiting) {
        waiting.resolve(frames)
        waiting = undefined
      } else {
        batches.push({ frames, length: chunk.length })
        unread += chunk.length
        if (unread >= HIGH_WATER) controller?.pause()
      }
    } catch (error) {
      finish(error as HeddleError)
      controller?.abort(error as HeddleError)
    }
  }

  dispatcher.dispatch(request, {
    onRequestStart(started) {
      controller = started
      if (ended) started.abort(new HeddleError('aborted'))
    },
    onResponseStart(_, status) {
      if (status !== 200) refusal = { status, parts: [], length: 0 }
    },
    onResponseData: (_, chunk) => read(chunk),
    onResponseEnd: () => finish(refusal && refusalError(refusal)),
    onResponseError: (_, cause) =>
      finish(cause instanceof HeddleError ? cause : new HeddleError('provider_unreachable', cause.message, { cause })),
  })

  return {
    next() {
      const batch = batches.shift()
      if (batch) {
        unread -= batch.length
        if (unread < LOW_WATER && controller?.paused) controller.resume()
        return Promise.resolve(batch.frames)
      }
      if (failure) return Promise.reject(failure)
      if (ended) return Promise.resolve(undefined)
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject }
      })
    },
    interrupt(error) {
      waiting?.reject(error)
      waiting = undefined
    },
    cancel,
  }
}

function refusalError({ status, parts }: { status: number; parts: readonly Uint8Array[] }): HeddleError {
  try {
    const json = JSON.parse(fromUtf8(concat(...parts))) as { error?: unknown }
    return errorFromJson(json.error, 'provider_unreachable')
  } catch {
    return new HeddleError('provider_unreachable', `status ${status}`)
  }
}

/** The JSON of a frame. Throws `receipt_mismatch` for anything else. */
export function frameJson(frame: Frame): Record<string, unknown> {
  try {
    return JSON.parse(fromUtf8(frame.payload)) as Record<string, unknown>
  } catch (cause) {
    throw new HeddleError('receipt_mismatch', `a ${frame.kind} frame is not JSON`, { cause })
  }
}
