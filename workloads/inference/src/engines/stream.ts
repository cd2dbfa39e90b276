import { HeddleError } from '@heddle/protocol'
import type { Dispatcher } from 'undici'
import { refusal } from './refusal.ts'

/** Hears an answer. Nothing is heard any more once it was left or aborted. */
export type EngineListener = {
  /** Bytes, as the parser cuts them. */
  part(bytes: Uint8Array): void
  /** Heard once, at the end: without an error, with `engine_down`, or with what the engine refuses. */
  end(error?: HeddleError): void
}

/** One answer that is on its way. */
export type EngineStream = {
  /** Makes the engine wait. A part that was read already may still come. */
  pause(): void
  resume(): void
  /** Nothing more is wanted of a complete answer: it is read on to its end, so that the connection can serve again. */
  leave(): void
  /** Ends the request, and so what the engine still does for it. */
  abort(): void
}

/** Bytes of an error that are read. */
const MAX_ERROR = 16_384
/** What may still come after a complete answer, in bytes and milliseconds; a connection with more is not kept. */
const MAX_LEFT = 65_536
const LEAVE_MS = 2_000

/**
 * Sends a request and hands over its answer straight from the parser: a stream object and its iterator would cost as
 * much as the request itself. Redirects are never followed.
 */
export function openStream(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  listener: EngineListener,
): EngineStream {
  let controller: Dispatcher.DispatchController | undefined
  let refused: Refused | undefined
  let leaving: NodeJS.Timeout | undefined
  let size = 0
  let over = false

  function abort(): void {
    if (over) return
    over = true
    clearTimeout(leaving)
    controller?.abort(new HeddleError('aborted'))
  }
  function end(error?: HeddleError): void {
    if (over) return
    over = true
    clearTimeout(leaving)
    if (!leaving) listener.end(error)
  }
  function read(part: Uint8Array): void {
    if (over) return
    if (leaving) leave(part)
    else if (refused) refuseMore(part, refused)
    else listener.part(part)
  }
  function leave(part: Uint8Array): void {
    size += part.length
    if (size > MAX_LEFT) abort()
  }
  function refuseMore(part: Uint8Array, { status, parts }: Refused): void {
    size += part.length
    parts.push(part)
    if (size <= MAX_ERROR) return
    abort()
    listener.end(refusalOf({ status, parts }))
  }
  function resume(): void {
    if (controller?.paused) controller.resume()
  }

  dispatcher.dispatch(request, {
    onRequestStart(started) {
      controller = started
      if (over) started.abort(new HeddleError('aborted'))
    },
    onResponseStart(_, status) {
      refused = status === 200 ? undefined : { status, parts: [] }
    },
    onResponseData: (_, part) => read(part),
    onResponseEnd: () => end(refused && refusalOf(refused)),
    onResponseError(_, cause) {
      if (!over) end(new HeddleError('engine_down', brokenWords(cause), { cause }))
    },
  })

  return {
    pause: () => controller?.pause(),
    resume,
    leave() {
      if (over || leaving) return
      leaving = setTimeout(abort, LEAVE_MS).unref()
      resume()
    },
    abort,
  }
}

/** What whoever asks may know: never where the engine is, which the cause says. */
const brokenWords = (cause: Error): string =>
  /^E(?:CONNREFUSED|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN)$|TIMEOUT/.test(String((cause as { code?: unknown }).code))
    ? 'the engine cannot be reached'
    : 'the engine broke off'

type Refused = { status: number; parts: Uint8Array[] }

const refusalOf = ({ status, parts }: Refused): HeddleError =>
  refusal(status, Buffer.concat(parts).toString('utf8', 0, MAX_ERROR))
