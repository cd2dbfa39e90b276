import { HeddleError, type Hex } from '@heddle/protocol'

/** Requests that may be on one channel, the one that runs included; more of them are refused at once. */
const MOST = 8

/**
 * x402 demands vouchers that follow on each other without a gap, so a channel has one request at a time. The others
 * wait for their turn, as long as their client does.
 */
export class Turns {
  readonly #queues = new Map<Hex, { last: Promise<void>; length: number }>()

  /** Waits for a turn on this channel; call what it gives when it is over. Throws `busy`, `aborted`. */
  async take(channel: Hex, signal: AbortSignal): Promise<() => void> {
    const queue = this.#queues.get(channel) ?? { last: Promise.resolve(), length: 0 }
    if (queue.length >= MOST) throw new HeddleError('busy', 'too many requests wait on this channel')
    const before = queue.last
    const over = Promise.withResolvers<void>()
    queue.last = before.then(() => over.promise)
    queue.length += 1
    this.#queues.set(channel, queue)
    let left = false
    const leave = (): void => {
      if (left) return
      left = true
      over.resolve()
      queue.length -= 1
      if (queue.length === 0) this.#queues.delete(channel)
    }
    await before
    if (!signal.aborted) return leave
    leave()
    throw new HeddleError('aborted')
  }
}
