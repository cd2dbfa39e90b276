import type { Stream } from '@heddle/link'
import { errorFromJson, fromUtf8, HeddleError, isHeddleError, type Message, readMessage } from '@heddle/protocol'

/** The messages of one answer, batch by batch as they arrive. */
export type MessageStream = {
  /** Undefined after the last. Throws what the provider says, `provider_unreachable`, `aborted`. */
  next(): Promise<readonly Message[] | undefined>
  /** Whoever waits for the next messages is given this error instead; the exchange goes on, and can be read on. */
  interrupt(error: HeddleError): void
  /** Ends the exchange, wherever it is. */
  cancel(): void
}

/**
 * The answer of a job on a stream of a link. `open` opens the stream and asks. What the provider refuses before it says anything else is
 * thrown.
 */
export function messagesOf(open: () => Promise<Stream>): MessageStream & { fail(error: HeddleError): void } {
  let stream: Stream | undefined
  let failure: HeddleError | undefined
  let hasBegun = false
  let isOver = false
  /** What came, or will, and that nobody has had yet: an interrupted reader leaves it to the next. */
  let coming: Promise<readonly Message[] | undefined> | undefined
  let interrupted: ((error: HeddleError) => void) | undefined

  const opened = open().then(one => {
    stream = one
    if (failure) one.reset('aborted')
    return one
  })
  opened.catch(() => undefined)

  async function readOn(): Promise<readonly Message[] | undefined> {
    const one = await opened
    try {
      const messages = await one.receive()
      if (!messages) return undefined
      const read = messages.map(messageOf)
      const [first] = read
      if (!hasBegun && first?.kind === 'error') throw refusalOf(first)
      hasBegun = true
      if (read.at(-1)!.kind === 'receipt' || read.at(-1)!.kind === 'error') over()
      return read
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
    next() {
      if (failure) return Promise.reject(failure)
      coming ??= readOn()
      const read = coming
      return new Promise((resolve, reject) => {
        let isWaiting = true
        interrupted = error => {
          isWaiting = false
          reject(error)
        }
        read.then(messages => {
          if (!isWaiting) return
          coming = undefined
          resolve(messages)
        }, reject)
      })
    },
    interrupt: error => interrupted?.(error),
    cancel() {
      if (!isOver) fail(new HeddleError('aborted'))
    },
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

function messageOf(bytes: Uint8Array): Message {
  const message = readMessage(bytes)
  if (message.kind === 'answer') throw new HeddleError('receipt_mismatch', 'an answer of JSON to a job')
  return message
}

/** The JSON of a message. Throws `receipt_mismatch` for anything else. */
export function messageJson({ payload }: Message): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(fromUtf8(payload))
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {}
  throw new HeddleError('receipt_mismatch', 'a message is not JSON')
}

function refusalOf({ payload }: Message): HeddleError {
  try {
    return errorFromJson(JSON.parse(fromUtf8(payload)), 'provider_unreachable')
  } catch {
    return new HeddleError('provider_unreachable', 'an error that is none')
  }
}
