import { type Address, concat, type Digest, HeddleError, isHeddleError, toHeddleError } from '@heddle/protocol'
import type { Connection } from '../connection.ts'
import { type CountedFrame, encodeFrame, type Frame, readFrames } from '../frames/frame.ts'
import type { Side } from '../handshake/messages.ts'
import type { Records } from '../handshake/records.ts'
import { type LinkLimits, OVERHEAD, WINDOW } from '../limits.ts'
import { startBeating } from './heart.ts'
import { PART, Stream } from './stream.ts'
import { atTurnsEnd } from './turn.ts'
import { Unconfirmed } from './unconfirmed.ts'

/** What a record that arrives may have. */
export const MAX_RECORD = (1 << 18) + (1 << 17)
/**
 * Bytes that are sealed together at most, and a head: whoever hears nothing for {@link LinkLimits.silence} gives a connection up, and a
 * record is heard once it is whole. So a line has to carry no more than one of these in that time.
 */
const FULL = PART + 64
/** Counted frames, and their bytes, after which the other side is told that they are here; a heartbeat tells it of fewer. */
const ACK = { frames: 256, bytes: 1 << 17 }

export type LinkOptions = {
  side: Side
  peer: Address
  session: Digest
  limits: LinkLimits
  /** A stream that the other side has opened. What throws resets it. */
  onStream(stream: Stream, link: Link): void
  /** The connection is gone, and the link waits for another. */
  onDrop?(link: Link): void
  /** It is over for good. */
  onOver?(link: Link, why: HeddleError): void
}

/**
 * All that two parties have to say to each other: streams, many at once, over one connection, and over the next one when that drops. Made by
 * `Dialler` and `Answerer`, the same on both sides.
 */
export class Link {
  readonly peer: Address
  readonly session: Digest
  readonly #side: Side
  readonly #limits: LinkLimits
  readonly #options: LinkOptions
  readonly #streams = new Map<number, Stream>()
  #next: number
  /** The last that the other side opened, and how many of its are open. */
  #theirs = 0
  #theirsOpen = 0
  #held = 0
  /** Bytes of messages that wait to be sent. */
  #waiting = 0
  readonly #unconfirmed = new Unconfirmed()
  /** Frames of this turn, which leave together. */
  #leaving: Uint8Array[] = []
  #scheduled = false
  /** Until when what may wait does. */
  #gathering: ReturnType<typeof setTimeout> | undefined
  /** Counted frames that have arrived, those that this side has confirmed, and their bytes. */
  #received = 0
  #acked = 0
  #ackBytes = 0
  /** Counted frames still to come on this connection that are here already. */
  #skip: number | undefined
  #connection: Connection | undefined
  #records: Records | undefined
  #sentAt = 0
  /** Bytes handed to this connection, and how many there were with the last confirmation. */
  #sent = 0
  #confirmedAt = 0
  #heardAt = 0
  #patience: ReturnType<typeof setTimeout> | undefined
  #stopBeating: (() => void) | undefined
  #error: HeddleError | undefined
  readonly #over = Promise.withResolvers<HeddleError>()

  constructor(options: LinkOptions) {
    this.peer = options.peer
    this.session = options.session
    this.#side = options.side
    // The longest message that is read has room.
    const { held, message } = options.limits
    this.#limits = { ...options.limits, held: Math.max(held, message + WINDOW) }
    this.#options = options
    // Each side has numbers of its own: odd for whoever dialled.
    this.#next = options.side === 'dial' ? 1 : 2
  }

  /** Why it is over, if it is. */
  get error(): HeddleError | undefined {
    return this.#error
  }

  /** Resolves with why it is over, once it is. */
  get over(): Promise<HeddleError> {
    return this.#over.promise
  }

  get isConnected(): boolean {
    return this.#connection !== undefined
  }

  /** Counted frames that have arrived here. */
  get received(): number {
    return this.#received
  }

  /** Bytes that this link keeps: what nobody has taken yet, on either side, and what the other has not confirmed. */
  get weight(): number {
    return this.#held + this.#waiting + this.#unconfirmed.bytes
  }

  /** Streams that are open. */
  get streams(): number {
    return this.#streams.size
  }

  /** Opens a stream; `about` says what it is about, in at most 64 KiB. Throws why the link is over, if it is. */
  open(about: Uint8Array): Stream {
    if (this.#error) throw this.#error
    const id = this.#next
    this.#next += 2
    this.#write({ kind: 'open', stream: id, payload: about })
    return this.#begin(id, about)
  }

  /** Ends it on both sides, with all that is open on it. */
  close(code = 'aborted'): void {
    if (this.#error) return
    this.#say({ kind: 'close', code })
    this.fail(new HeddleError('link_lost', `closed: ${code}`))
  }

  /**
   * Goes on over a connection whose handshake is done. `arrived` is how many counted frames of this session the other side has. Throws
   * `link_broken` where that cannot be.
   */
  attach(connection: Connection, records: Records, arrived: number): void {
    if (this.#error) throw this.#error
    this.#unconfirmed.confirm(arrived)
    this.#letGo()?.close()
    clearTimeout(this.#patience)
    this.#connection = connection
    this.#records = records
    this.#skip = undefined
    this.#sentAt = this.#heardAt = performance.now()
    this.#leaving = [encodeFrame({ kind: 'from', count: arrived }), ...this.#unconfirmed.rest()]
    this.#acked = this.#received
    this.#ackBytes = 0
    this.#sent = this.#confirmedAt = 0
    this.#stopBeating ??= startBeating({ beat: (now, late) => this.#beat(now, late) })
    connection.listen({
      message: bytes => {
        if (connection === this.#connection) this.#arrive(bytes)
      },
      closed: () => {
        if (connection === this.#connection) this.drop()
      },
    })
    this.#flush()
    this.#pump()
  }

  /** The connection is no good any more: the session waits for the next as long as its patience lasts. */
  drop(): void {
    const connection = this.#letGo()
    if (!connection || this.#error) return
    connection.close()
    this.#patience = setTimeout(
      () => this.fail(new HeddleError('link_lost', `no connection for ${this.#limits.patience} ms`)),
      this.#limits.patience,
    )
    this.#options.onDrop?.(this)
  }

  /** It is over for good. */
  fail(error: HeddleError): void {
    if (this.#error) return
    this.#error = error
    clearTimeout(this.#patience)
    this.#letGo()?.close()
    for (const stream of [...this.#streams.values()]) stream.fail(error)
    this.#over.resolve(error)
    this.#options.onOver?.(this, error)
  }

  #letGo(): Connection | undefined {
    const connection = this.#connection
    this.#connection = undefined
    this.#records = undefined
    this.#leaving = []
    clearTimeout(this.#gathering)
    this.#gathering = undefined
    this.#stopBeating?.()
    this.#stopBeating = undefined
    return connection
  }

  #begin(id: number, about: Uint8Array): Stream {
    const host = {
      write: (frame: CountedFrame, mayWait?: boolean) => this.#write(frame, mayWait),
      isFull: () => this.#isFull(),
      hold: (bytes: number) => {
        this.#held += bytes
      },
      wait: (bytes: number) => {
        this.#waiting += bytes
      },
      mostMessage: this.#limits.message,
      over: (one: number) => {
        if (this.#streams.delete(one) && this.#isTheirs(one)) this.#theirsOpen -= 1
      },
    }
    const stream = new Stream(id, about, host, this.#isTheirs(id))
    this.#streams.set(id, stream)
    return stream
  }

  #isFull(): boolean {
    return this.#unconfirmed.bytes > this.#limits.unconfirmed
  }

  #isTheirs(id: number): boolean {
    return (id % 2 === 1) !== (this.#side === 'dial')
  }

  /** A counted frame: it is kept until the other side has it. */
  #write(frame: Frame, mayWait = false): void {
    if (this.#error) return
    const bytes = encodeFrame(frame)
    this.#unconfirmed.add(bytes)
    if (this.#connection) this.#leave(bytes, mayWait)
    // Writers wait long before: what is written all the same answers a flood.
    if (this.#unconfirmed.bytes > 2 * this.#limits.unconfirmed + WINDOW)
      this.fail(new HeddleError('link_full', 'the other side confirms nothing of what it makes this side say'))
  }

  #leave(bytes: Uint8Array, mayWait = false): void {
    this.#leaving.push(bytes)
    if (this.#scheduled) return
    if (mayWait && this.#limits.gather > 0) {
      this.#gathering ??= setTimeout(() => this.#flush(), this.#limits.gather)
      return
    }
    this.#scheduled = true
    atTurnsEnd(() => {
      this.#scheduled = false
      this.#flush()
    })
  }

  /** An uncounted frame, at once. */
  #say(frame: Frame): void {
    if (!this.#connection) return
    this.#leaving.push(encodeFrame(frame))
    this.#flush()
  }

  #flush(): void {
    clearTimeout(this.#gathering)
    this.#gathering = undefined
    const [connection, records] = [this.#connection, this.#records]
    if (!connection || !records || this.#leaving.length === 0) return
    const frames = this.#leaving
    this.#leaving = []
    this.#sentAt = performance.now()
    for (let at = 0; at < frames.length; ) {
      const first = at
      for (let length = 0; at < frames.length && (at === first || length + frames[at]!.length <= FULL); at++)
        length += frames[at]!.length
      const record = records.seal(at - first === 1 ? frames[first]! : concat(...frames.slice(first, at)))
      this.#sent += record.length
      connection.send(record)
    }
  }

  #arrive(record: Uint8Array): void {
    this.#heardAt = performance.now()
    let opened: Uint8Array
    try {
      opened = this.#records!.open(record)
    } catch {
      // Whoever stands between can end a connection, and no more than that.
      this.drop()
      return
    }
    try {
      for (const frame of readFrames(opened)) {
        if (this.#error || !this.#connection) return
        this.#take(frame)
      }
    } catch (error) {
      // Whoever can seal a record and seals nonsense is the other side itself.
      const why = toHeddleError(error)
      this.#say({ kind: 'close', code: why.code })
      this.fail(why)
      return
    }
    if (this.#received - this.#acked >= ACK.frames || this.#ackBytes >= ACK.bytes) this.#confirm()
  }

  #confirm(): void {
    const connection = this.#connection
    // One at a time waits to leave, or whoever takes nothing and goes on talking fills this side with them.
    if (!connection || this.#sent - connection.buffered() < this.#confirmedAt) return
    this.#confirmedAt = this.#sent + 1
    this.#acked = this.#received
    this.#ackBytes = 0
    this.#leave(encodeFrame({ kind: 'ack', count: this.#received }))
  }

  #take(frame: Frame): void {
    if (frame.kind !== 'from' && this.#skip === undefined)
      throw new HeddleError('link_broken', `${frame.kind} before it was said from where`)
    switch (frame.kind) {
      case 'from':
        if (this.#skip !== undefined || frame.count > this.#received)
          throw new HeddleError('link_broken', `frames from ${frame.count} on: ${this.#received} are here`)
        this.#skip = this.#received - frame.count
        break
      case 'ack':
        this.#takeAck(frame.count)
        break
      case 'close':
        this.fail(new HeddleError('link_lost', `the other side closed it: ${frame.code}`))
        break
      case 'alive':
        break
      default:
        if (this.#skip! > 0) this.#skip! -= 1
        else this.#takeCounted(frame)
    }
  }

  /** Only where writers waited is there something to do for them. */
  #takeAck(count: number): void {
    const wasFull = this.#isFull()
    this.#unconfirmed.confirm(count)
    if (wasFull) this.#pump()
  }

  #takeCounted(frame: CountedFrame): void {
    this.#received += 1
    this.#ackBytes += 'payload' in frame ? frame.payload.length + OVERHEAD : OVERHEAD
    if (frame.kind === 'open') {
      this.#takeOpen(frame.stream, frame.payload)
      return
    }
    const stream = this.#streams.get(frame.stream)
    if (!stream) {
      // What was on its way when a stream ended is nobody's.
      const wasOpen = this.#isTheirs(frame.stream) ? frame.stream <= this.#theirs : frame.stream < this.#next
      if (!wasOpen || frame.stream === 0)
        throw new HeddleError('link_broken', `stream ${frame.stream} was never opened`)
      return
    }
    try {
      stream.take(frame)
    } catch (error) {
      if (!isHeddleError(error, 'body_too_large')) throw error
      stream.reset(error.code)
    }
    while (this.#held > this.#limits.held) this.#fullest().reset('link_full')
  }

  /** Whoever is not read is the one to end, and not whoever spoke last. */
  #fullest(): Stream {
    let [fullest] = this.#streams.values()
    for (const stream of this.#streams.values()) if (stream.held > fullest!.held) fullest = stream
    return fullest!
  }

  #takeOpen(id: number, payload: Uint8Array): void {
    if (!this.#isTheirs(id) || id <= this.#theirs) throw new HeddleError('link_broken', `stream ${id} is not the next`)
    this.#theirs = id
    if (this.#theirsOpen >= this.#limits.streams || this.#held + payload.length > this.#limits.held) {
      this.#write({ kind: 'reset', stream: id, code: 'link_full' })
      return
    }
    this.#theirsOpen += 1
    const stream = this.#begin(id, payload.slice())
    try {
      this.#options.onStream(stream, this)
    } catch (error) {
      stream.reset(toHeddleError(error).code)
    }
  }

  /** Each writes in its turn: who has written is the last the next time. */
  #pump(): void {
    for (const stream of [...this.#streams.values()]) {
      if (this.#isFull()) return
      if (!stream.pump() || !this.#streams.delete(stream.id)) continue
      this.#streams.set(stream.id, stream)
    }
  }

  /** `late`: so long this process has done something else, and could not have heard anything. */
  #beat(now: number, late: number): void {
    const { heartbeat, silence } = this.#limits
    this.#heardAt += late
    if (now - this.#heardAt > silence) this.drop()
    else if (this.#received > this.#acked) this.#confirm()
    else if (now - this.#sentAt >= heartbeat) this.#say({ kind: 'alive' })
  }
}
