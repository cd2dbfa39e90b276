import {
  applyEvent,
  type BlockMark,
  type ChainEvent,
  type ChannelOnChain,
  type FollowedChain,
  foldEvents,
} from '@heddle/chain'
import { type Ledger, put, type Row, type Write } from '@heddle/ledger'
import type { Address, Clock, Hex, KnownClaim } from '@heddle/protocol'
import { Birth, createdBy } from './born.ts'

const toRow = (event: ChainEvent): Row<'events'> => ({
  block: event.block,
  position: event.position,
  transaction: event.transaction,
  name: event.name,
  subject: event.subject,
  amount: event.amount,
  total: event.total,
})

const fromRow = (row: Row<'events'>): ChainEvent => ({
  ...row,
  transaction: row.transaction as Hex,
  name: row.name as ChainEvent['name'],
  subject: row.subject as Hex,
})

/** Claims of a channel whose times are kept: who asks about a time before them all is told of none. */
const MOST_LEARNED = 64

/**
 * What this daemon knows of the chain, kept in its ledger: the events of its own channels and of its own receiver, and
 * marks of the blocks it has seen. Everything here can be taken from the chain again.
 */
export class Followed implements FollowedChain {
  readonly #ledger: Ledger
  readonly #party: Address
  readonly #clock: Clock
  #marks: BlockMark[] = []
  #birth!: Birth
  #events: ChainEvent[] = []
  #channels = new Map<Hex, ChannelOnChain>()
  /** The latest claims on each channel, with the time at which this process learned of them. */
  #learned = new Map<Hex, (KnownClaim & { at: number })[]>()

  private constructor(ledger: Ledger, party: Address, clock: Clock) {
    this.#clock = clock
    this.#ledger = ledger
    this.#party = party
  }

  /** `party` is the payer or receiver whose channels count. */
  static async open(ledger: Ledger, party: Address, clock: Clock = Date): Promise<Followed> {
    const followed = new Followed(ledger, party, clock)
    const marks = await ledger.read('blocks', { order: { by: 'number', descending: true } })
    followed.#marks = marks.map(row => ({ number: row.number, hash: row.hash as Hex }))
    followed.#events = (await ledger.read('events', { order: { by: 'block' } })).map(fromRow)
    followed.#channels = foldEvents(followed.#events)
    followed.#birth = await Birth.open(ledger, createdBy(followed.#events))
    followed.#learn(followed.#events)
    return followed
  }

  #isOurs(event: ChainEvent, channels: ReadonlyMap<Hex, ChannelOnChain>): boolean {
    if (event.parties) return event.parties.payer === this.#party || event.parties.receiver === this.#party
    return event.subject === this.#party || channels.has(event.subject)
  }

  async marks(): Promise<BlockMark[]> {
    return this.#marks
  }

  async apply(step: { cut?: number; mark: BlockMark; head: number; events: readonly ChainEvent[] }): Promise<void> {
    const { cut, mark, head } = step
    const kept = cut === undefined ? this.#events : this.#events.filter(event => event.block < cut)
    const channels = cut === undefined ? new Map(this.#channels) : foldEvents(kept)
    const ours: ChainEvent[] = []
    for (const event of step.events) {
      if (!this.#isOurs(event, channels)) continue
      ours.push(event)
      if (event.name !== 'Settled') channels.set(event.subject, applyEvent(channels.get(event.subject), event))
    }
    const writes: Write[] =
      cut === undefined
        ? []
        : [
            { cut: 'blocks', from: cut },
            { cut: 'events', from: cut },
          ]
    writes.push(put('blocks', mark), ...ours.map(event => put('events', toRow(event))))
    const birth = this.#birth.step({ newest: this.#marks[0]?.number, head, cut }, createdBy(ours))
    await this.#ledger.commit(...writes, ...birth.writes)
    birth.done()
    // Only what is on disk counts: a step that could not be stored is taken again.
    this.#channels = channels
    this.#events = kept
    this.#events.push(...ours)
    if (cut !== undefined) {
      for (const [id, claims] of this.#learned)
        this.#learned.set(
          id,
          claims.filter(({ block }) => block < cut),
        )
    }
    this.#learn(ours)
    const old = this.#marks.filter(({ number }) => number !== mark.number && (cut === undefined || number < cut))
    this.#marks = [mark, ...old]
  }

  /**
   * The newest block that was seen and by whose end no more than `charged` was claimed on a channel; null where none is
   * known. An honest provider's receipts name it: whoever claims more under the same keys, or under a ledger that was
   * lost, does not make them contradict the chain.
   */
  lastWithin(channel: Hex, charged: bigint): { block: number; hash: Hex } | null {
    let before = Number.POSITIVE_INFINITY
    if ((this.channel(channel)?.claimed ?? 0n) > charged) {
      const above = ({ name, subject, total }: ChainEvent): boolean =>
        name === 'Claimed' && subject === channel && total > charged
      for (const event of this.#events) if (above(event)) before = Math.min(before, event.block)
    }
    const mark = this.#marks.find(({ number }) => number < before)
    return mark ? { block: mark.number, hash: mark.hash } : null
  }

  /**
   * Whether a channel is on the chain since before this ledger began: then receipts may have been signed on it that are
   * not here, and to sign others in their places would be two stories about one place.
   */
  isOlder(channel: Hex): boolean {
    return this.#birth.isOlder(channel, this.channel(channel)?.created)
  }

  #learn(events: readonly ChainEvent[]): void {
    const at = this.#clock.now()
    for (const { name, subject, block, total } of events) {
      if (name !== 'Claimed') continue
      const before = this.#learned.get(subject) ?? []
      this.#learned.set(subject, [...before, { at, block, totalClaimed: total }].slice(-MOST_LEARNED))
    }
  }

  /** The last claim on a channel that this process knew of at a time, by its own clock, in unix milliseconds. */
  claimKnownAt(channel: Hex, time: number): KnownClaim | undefined {
    return this.#learned.get(channel)?.findLast(({ at }) => at <= time)
  }

  /** A channel as the chain has it, by the events seen so far. */
  channel(id: Hex): ChannelOnChain | undefined {
    return this.#channels.get(id)
  }
}
