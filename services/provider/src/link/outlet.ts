import type { Stream } from '@heddle/link'
import {
  canonical,
  concat,
  encodeMessage,
  HeddleError,
  packAlive,
  packReceipt,
  usageToJson,
  utf8,
} from '@heddle/protocol'
import type { AnswerOutlet } from '../calls/jobs.ts'

/** Bytes of a stored output that are one message. */
const PART = 1 << 20

/**
 * An answer on a stream of a link. What is delivered in one turn of the event loop is one message. The first leaves at once; those after it
 * may wait for what other answers say; the end of an answer leaves with its receipt. `unread` is how many milliseconds the other side may take nothing of what waits for it.
 */
export function outletOn(stream: Stream, { unread }: { unread: number }): AnswerOutlet {
  let at = performance.now()
  let waiting: Uint8Array[] = []
  let held = false
  let scheduled = false
  let hasBegun = false
  let hasDelivered = false
  const say = (message: Uint8Array, how?: { mayWait: boolean }): void => {
    at = performance.now()
    hasBegun = true
    // Nobody is there any more: whoever waits for the end of the job learns it by its signal.
    if (!stream.error) stream.send(message, how)
  }
  const flush = (): void => {
    if (waiting.length === 0) return
    const bytes = waiting.length === 1 ? waiting[0]! : concat(...waiting)
    waiting = []
    say(encodeMessage('output', bytes), { mayWait: hasDelivered })
    hasDelivered = true
  }
  const later = (): void => {
    scheduled = false
    if (!held) flush()
  }
  const end = (message: Uint8Array): void => {
    flush()
    say(message)
    stream.end()
  }
  return {
    output(bytes) {
      waiting.push(bytes)
      if (scheduled) return
      scheduled = true
      setImmediate(later)
    },
    hold() {
      held = true
    },
    all(bytes) {
      for (let from = 0; from < bytes.length; from += PART)
        say(encodeMessage('output', bytes.subarray(from, from + PART)))
    },
    raise({ ceiling, used }) {
      flush()
      say(encodeMessage('raise', utf8(canonical({ ceiling: ceiling.toString(), used: usageToJson(used) }))))
    },
    alive(sign) {
      if (held || stream.error) return
      flush()
      say(encodeMessage('alive', packAlive(sign)))
    },
    silence: () => performance.now() - at,
    begun: () => hasBegun || waiting.length > 0,
    receipt: receipt => end(encodeMessage('receipt', packReceipt(receipt))),
    error: error => end(encodeMessage('error', utf8(canonical(error.toJSON())))),
    async drained() {
      flush()
      if (stream.error) return
      await taken(stream, unread)
    },
  }
}

/**
 * Waits until the other side has taken what was sent; who takes nothing for too long is left as if it had gone. Throws `aborted` where
 * nobody takes it any more.
 */
export async function taken(stream: Stream, unread: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const look = (): void => {
    const left = unread - (performance.now() - stream.takenAt)
    if (left <= 0) stream.reset('unread')
    else timer = setTimeout(look, left)
  }
  const ready = stream.ready()
  timer = setTimeout(look, unread)
  try {
    await ready
  } catch (error) {
    throw new HeddleError('aborted', (error as Error).message, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}
