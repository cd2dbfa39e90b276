import { concat, HeddleError } from '@heddle/protocol'
import type { CountedFrame } from '../frames/frame.ts'
import { OVERHEAD, WINDOW } from '../limits.ts'

/** What a stream needs of its link. */
export type StreamHost = {
  /** `mayWait`: it may leave a little later, together with others. */
  write(frame: CountedFrame, mayWait?: boolean): void
  /** Whether the link takes more now, or has too much on its way. */
  isFull(): boolean
  /** Bytes of this link that nobody has taken yet, this stream's among them; changed by so many. */
  hold(bytes: number): void
  /** The same of those that wait to be sent. */
  wait(bytes: number): void
  mostMessage: number
  over(stream: number): void
}

/** Bytes of a message that leave in one frame: a record of one arrives over a slow line before that passes for a dead one. */
export const PART = 1 << 15

type Waiter = { resolve(): void; reject(error: unknown): void }

/**
 * One of many conversations on a link: messages both ways, whole and in order. What the other side does not take stays with whoever
 * writes: {@link Stream.ready} says when there is room.
 *
 * @example
 * ```ts
 * // sketch
 * const stream = link.open(utf8('what it is about'))
 * stream.send(utf8('first'))
 * stream.end()
 * for (let messages = await stream.receive(); messages; messages = await stream.receive()) console.log(messages.length)
 * ```
 */
export class Stream {
  readonly id: number
  /** What it was opened with. */
  readonly about: Uint8Array
  readonly #host: StreamHost
  /** Bytes that the other side takes still. */
  #credit = WINDOW
  /** Messages that wait for credit, cut as they will go. */
  #queue: { payload: Uint8Array; more: boolean; mayWait: boolean }[] = []
  #queueBytes = 0
  #writers: Waiter[] = []
  #ending = false
  #ended = false
  /** Messages that have come and were not taken yet, and the parts of one that is not whole. */
  #arrived: Uint8Array[] = []
  #parts: Uint8Array[] = []
  #partBytes = 0
  #heldBytes = 0
  /** Bytes of what it was opened with, where the other side has opened it. */
  #aboutBytes: number
  /** Bytes that the other side may send still, and bytes taken that it has not been told of. */
  #room = WINDOW
  #taken = 0
  #theyEnded = false
  #reader: Waiter | undefined
  #error: HeddleError | undefined
  #takenAt = performance.now()

  constructor(id: number, about: Uint8Array, host: StreamHost, isTheirs: boolean) {
    this.id = id
    this.about = about
    this.#host = host
    this.#aboutBytes = isTheirs ? about.length + OVERHEAD : 0
    host.hold(this.#aboutBytes)
  }

  /** Bytes that the other side has sent and that are kept here. */
  get held(): number {
    return this.#heldBytes + this.#aboutBytes
  }

  /** Why it is over before its end, if it is. */
  get error(): HeddleError | undefined {
    return this.#error
  }

  /** When the other side last took something of what was sent, or the stream was opened: as `performance.now()`. */
  get takenAt(): number {
    return this.#takenAt
  }

  /**
   * Sends a message, or keeps it until the other side takes it. One that may wait leaves a few milliseconds later
   * (`LinkLimits.gather`), together with what other streams say: one write for many. Throws why the stream is over, if it is.
   */
  send(message: Uint8Array, { mayWait = false } = {}): void {
    if (this.#error) throw this.#error
    if (this.#ending) throw new HeddleError('link_broken', 'a message after the end')
    let at = 0
    do {
      const payload = message.subarray(at, at + PART)
      at += payload.length
      this.#queue.push({ payload, more: at < message.length, mayWait })
      this.#queued(payload.length + OVERHEAD)
    } while (at < message.length)
    this.pump()
  }

  /** Resolves once all that was sent is on its way, and the link takes more. Throws why the stream is over. */
  async ready(): Promise<void> {
    if (this.#error) throw this.#error
    if (this.#isOver() || (this.#queue.length === 0 && !this.#host.isFull())) return
    await new Promise<void>((resolve, reject) => this.#writers.push({ resolve, reject }))
  }

  /** Nothing more comes from here, after what was sent. */
  end(): void {
    if (this.#ending || this.#error) return
    this.#ending = true
    this.pump()
  }

  /** Ends it on both sides at once, unless it is over: what was not taken is lost. */
  reset(code: string): void {
    if (this.#error || this.#isOver()) return
    this.#host.write({ kind: 'reset', stream: this.id, code })
    this.fail(new HeddleError('aborted', code))
  }

  /**
   * All messages that have come since it was last asked, one at least; nothing after the end. Throws why the stream is over. One reader at
   * a time.
   */
  async receive(): Promise<Uint8Array[] | undefined> {
    if (this.#arrived.length === 0) {
      if (this.#error) throw this.#error
      if (this.#theyEnded) return undefined
      await new Promise<void>((resolve, reject) => {
        this.#reader = { resolve, reject }
      })
      if (this.#arrived.length === 0) return undefined
    }
    const messages = this.#arrived
    this.#arrived = []
    this.#release(this.#heldBytes - this.#partBytes)
    return messages
  }

  /** Writes what credit and link allow. Gives whether it wrote anything. */
  pump(): boolean {
    let at = 0
    while (at < this.#queue.length && !this.#host.isFull()) {
      const { payload, more, mayWait } = this.#queue[at]!
      const cost = payload.length + OVERHEAD
      if (cost > this.#credit) break
      this.#credit -= cost
      this.#queued(-cost)
      this.#host.write({ kind: 'data', stream: this.id, payload, more }, mayWait)
      at++
    }
    if (at > 0) this.#queue.splice(0, at)
    if (this.#queue.length > 0) return at > 0
    if (this.#ending && !this.#ended) {
      this.#ended = true
      this.#host.write({ kind: 'end', stream: this.id })
      this.#finish()
    }
    if (!this.#host.isFull()) for (const { resolve } of this.#writers.splice(0)) resolve()
    return at > 0
  }

  #queued(bytes: number): void {
    this.#queueBytes += bytes
    this.#host.wait(bytes)
  }

  /** Something came for it. Throws `link_broken` for what nobody may send, `body_too_large` for a message above what is read. */
  take(frame: CountedFrame): void {
    switch (frame.kind) {
      case 'data':
        this.#takeData(frame.payload, frame.more)
        break
      case 'window':
        // Whoever takes nothing does not say so: it would pass for taking something.
        if (frame.bytes === 0) throw new HeddleError('link_broken', 'a window of nothing')
        this.#credit += frame.bytes
        this.#takenAt = performance.now()
        if (this.#credit > 2 ** 40) throw new HeddleError('link_broken', 'more credit than anybody has')
        this.pump()
        break
      case 'end':
        if (this.#theyEnded || this.#parts.length > 0)
          throw new HeddleError('link_broken', 'an end within a message, or twice')
        this.#theyEnded = true
        this.#reader?.resolve()
        this.#reader = undefined
        this.#finish()
        break
      case 'reset':
        this.fail(new HeddleError('aborted', frame.code))
    }
  }

  #takeData(payload: Uint8Array, more: boolean): void {
    const cost = payload.length + OVERHEAD
    if (this.#theyEnded) throw new HeddleError('link_broken', 'a message after the end')
    if (cost > this.#room) throw new HeddleError('link_broken', 'more than the window allows')
    this.#room -= cost
    this.#heldBytes += cost
    this.#host.hold(cost)
    if (more || this.#parts.length > 0) {
      this.#partBytes += cost
      if (this.#partBytes > this.#host.mostMessage)
        throw new HeddleError('body_too_large', `a message above ${this.#host.mostMessage} bytes`)
      // Its own bytes: those of the record go when the record does.
      this.#parts.push(payload.slice())
      // The reader can take nothing before it is whole; where something whole waits for the reader, so does the rest.
      if (this.#arrived.length === 0) this.#grant(cost)
      if (more) return
      this.#arrived.push(concat(...this.#parts))
      this.#parts = []
      this.#partBytes = 0
    } else this.#arrived.push(payload.slice())
    this.#reader?.resolve()
    this.#reader = undefined
  }

  /** What was taken by the reader. All that has come was, then, or is a part of what it waits for. */
  #release(bytes: number): void {
    if (this.#heldBytes === 0) return
    this.#heldBytes -= bytes
    this.#host.hold(-bytes)
    this.#grant(WINDOW - this.#room - this.#taken)
  }

  /** The other side is told in larger steps. */
  #grant(bytes: number): void {
    this.#taken += bytes
    if (this.#taken < WINDOW / 4 || this.#theyEnded || this.#error) return
    this.#room += this.#taken
    this.#host.write({ kind: 'window', stream: this.id, bytes: this.#taken })
    this.#taken = 0
  }

  /** It is over: who waits is told why. What has come can be read still. */
  fail(error: HeddleError): void {
    if (this.#error) return
    this.#error = error
    this.#queue = []
    this.#queued(-this.#queueBytes)
    this.#parts = []
    this.#partBytes = 0
    for (const { reject } of this.#writers.splice(0)) reject(error)
    this.#reader?.reject(error)
    this.#reader = undefined
    this.#over()
  }

  #isOver(): boolean {
    return this.#ended && this.#theyEnded
  }

  #finish(): void {
    if (this.#isOver()) this.#over()
  }

  /** What was not read is its reader's from now on: the link holds nothing for it. */
  #over(): void {
    this.#host.hold(-this.held)
    this.#heldBytes = this.#aboutBytes = 0
    for (const { resolve } of this.#writers.splice(0)) resolve()
    this.#host.over(this.id)
  }
}
