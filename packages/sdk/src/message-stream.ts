import type { Stream } from '@heddle/link'
import { errorFromJson, type Frame, fromUtf8, HeddleError, isHeddleError, readMessage } from '@heddle/protocol'
import type { FrameStream } from './frame-stream.ts'

/**
 * The answer of a job on a stream of a link, as frames. `open` opens the stream and asks. What the provider refuses before it says
 * anything else is thrown, as it is over HTTP.
 */
export function messagesOf(open: () => Promise<Stream>): FrameStream & { fail(error: HeddleError): void } {
  let stream: Stream | undefined
  let failure: HeddleError | undefined
  let hasBegun = false
  let isOver = false
  /** What came, or will, and that nobody has had yet: an interrupted reader leaves it to the next. */
  let coming: Promise<readonly Frame[] | undefined> | undefined
  let interrupted: ((error: HeddleError) => void) | undefined

  const opened = open().then(one => {
    stream = one
    if (failure) one.reset('aborted')
    return one
  })
  opened.catch(() => undefined)

  async function read(): Promise<readonly Frame[] | undefined> {
    const one = await opened
    try {
      const messages = await one.receive()
      if (!messages) return undefined
      const frames = messages.map(frameOf)
      const [first] = frames
      if (!hasBegun && first?.kind === 'error') throw refusalOf(first)
      hasBegun = true
      if (frames.at(-1)!.kind === 'receipt' || frames.at(-1)!.kind === 'error') over()
      return frames
    } catch (cause) {
      if (isHeddleError(cause) && !cause.code.startsWith('link_') && cause.code !== 'aborted') {
        over()
        throw cause
      }
      const refused = hasBegun ? undefined : resetBefore(cause)
      if (refused) over()
      throw failure ?? refused ?? new HeddleError('provider_unreachable', (cause as Error).message, { cause })
    }
  }
  /** The last word was said: this side has nothing more to say either. */
  function over(): void {
    isOver = true
    if (stream) leave(stream)
  }
  function fail(error: HeddleError): void {
    if (failure || isOver) return
    failure = error
    stream?.reset('aborted')
    interrupted?.(error)
  }

  return {
    async next() {
      if (failure) throw failure
      coming ??= read()
      coming.catch(() => undefined)
      const { promise, reject } = Promise.withResolvers<never>()
      interrupted = reject
      const frames = await Promise.race([coming, promise])
      coming = undefined
      return frames
    },
    interrupt: error => interrupted?.(error),
    cancel: () => fail(new HeddleError('aborted')),
    fail,
  }
}

/** Ends a stream on which the last word was said, also where the other side forgets to: nothing of it is kept here. */
export function leave(stream: Stream): void {
  stream.end()
  stream.reset('aborted')
}

/**
 * What a stream that was reset before a word came tells about the question: it is longer than what is read there, or one too many at once.
 * Neither has begun, nor says that nobody is there.
 */
export function resetBefore(cause: unknown): HeddleError | undefined {
  if (!isHeddleError(cause, 'aborted')) return undefined
  const { message } = cause
  if (message === 'body_too_large')
    return new HeddleError('body_too_large', 'longer than what this provider reads', { cause })
  if (message === 'link_full')
    return new HeddleError('busy', 'too much at once on this link', { cause: { retryAfter: 1 } })
  return undefined
}

function frameOf(bytes: Uint8Array): Frame {
  const { kind, payload } = readMessage(bytes)
  if (kind === 'answer') throw new HeddleError('receipt_mismatch', 'an answer of JSON to a job')
  return { kind, payload }
}

function refusalOf({ payload }: Frame): HeddleError {
  try {
    return errorFromJson(JSON.parse(fromUtf8(payload)), 'provider_unreachable')
  } catch {
    return new HeddleError('provider_unreachable', 'an error that is none')
  }
}
