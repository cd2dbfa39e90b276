import { type Alive, HeddleError, type Message, startDeadline, unpackAlive } from '@heddle/protocol'
import type { MessageStream } from './message-stream.ts'

/** How long a provider is waited for, in milliseconds, and how much it may say meanwhile. */
export type Limits = {
  /** Until it says anything at all about a job that was posted. */
  firstByte: number
  /** Between two things that it says afterwards, if only that the job lives. */
  silence: number
  /** For the next part of an answer while it says nothing but that the job lives; the wait for a place comes on top. */
  longest: number
  /** The same of an engine of the own house. */
  longestOwn: number
  /** Frames that deliver nothing, in a row; for each second that they last a hundredth as many more. */
  idleMessages: number
}

export const USUAL_LIMITS: Limits = {
  firstByte: 30_000,
  silence: 30_000,
  longest: 300_000,
  longestOwn: 3_600_000,
  idleMessages: 1_000,
}

/** As many of them does a call for a ceiling count: it takes a voucher, and a call of its own. */
const MESSAGES_A_RAISE = 5

/** A job's stream as whoever waits for the answer reads it. */
export type Listening = {
  /** As {@link MessageStream.next}. Throws `engine_slow` where a limit is passed, `aborted` where the asker has left. */
  next(): Promise<readonly Message[] | undefined>
  /** Nobody listens any more: the stream itself can be read on. */
  stop(): void
}

/**
 * Listens to a job: counts silence while something is waited for, hands signs of life on, and gives up for who leaves.
 * `wait` is how many milliseconds the job may wait for a place.
 */
export function listen(
  stream: MessageStream,
  options: {
    signal: AbortSignal
    limits: Omit<Limits, 'longestOwn'>
    wait: number
    alive: ((sign: Alive) => void) | undefined
  },
): Listening {
  const { signal, limits, wait, alive } = options
  let failure: HeddleError | undefined
  let heard = false
  /** Milliseconds that were waited since the last part of the answer; what its reader takes is its own time. */
  let spent = 0
  let most = limits.longest + wait
  const fail = (error: HeddleError): void => {
    failure ??= error
    stream.interrupt(failure)
  }
  const deadline = startDeadline(() => {
    fail(new HeddleError('engine_slow', heard ? 'it fell silent, or works without an end' : 'it says nothing at all'))
  })
  const leave = (): void => fail(new HeddleError('aborted'))
  signal.addEventListener('abort', leave, { once: true })
  if (signal.aborted) leave()

  /** Frames since anything was delivered, and when that was. */
  let idle = 0
  let since = performance.now()

  /** A new count begins with every part of the answer, or its end; and with the place that a job was waiting for. */
  function begin(): void {
    spent = 0
    most = limits.longest
  }
  /** Who delivers nothing cannot buy time with it, nor keep this side busy for as long as it is given. */
  function takeIdle(messages: number): void {
    idle += messages
    const seconds = (performance.now() - since) / 1_000
    if (idle > limits.idleMessages * (1 + seconds / 100))
      fail(new HeddleError('engine_slow', 'it says far more than it delivers'))
  }
  function take(messages: readonly Message[]): void {
    heard = true
    for (const message of messages) {
      if (message.kind === 'raise' || (message.kind === 'output' && message.payload.length === 0)) {
        takeIdle(message.kind === 'raise' ? MESSAGES_A_RAISE : 1)
        continue
      }
      if (message.kind !== 'alive') {
        idle = 0
        since = performance.now()
        begin()
        continue
      }
      takeIdle(1)
      const sign = unpackAlive(message.payload)
      if (sign.state !== 'queued' && most > limits.longest) begin()
      alive?.(sign)
    }
  }

  return {
    async next() {
      if (failure) throw failure
      const from = performance.now()
      deadline.within(Math.max(0, Math.min(heard ? limits.silence : limits.firstByte, most - spent)))
      try {
        const messages = await stream.next()
        spent += performance.now() - from
        if (messages) take(messages)
        if (failure) throw failure
        return messages
      } finally {
        deadline.pause()
      }
    },
    stop() {
      deadline.stop()
      signal.removeEventListener('abort', leave)
    },
  }
}
