import { applyEvent, type BlockMark, type ChainEvent, type ChannelOnChain, type FollowedChain } from '@heddle/chain'
import { type Ledger, put, type Row, type Write } from '@heddle/ledger'
import type { Address, Hex } from '@heddle/protocol'

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

/**
 * What this daemon knows of the chain, kept in its ledger: the events of its own channels and of its own receiver, and
 * marks of the blocks it has seen. Everything here can be taken from the chain again.
 */
export class Followed implements FollowedChain {
  readonly #ledger: Ledger
  readonly #party: Address
  #marks: BlockMark[] = []
  #events: ChainEvent[] = []
  #channels = new Map<Hex, ChannelOnChain>()

  private constructor(ledger: Ledger, party: Address) {
    this.#ledger = ledger
    this.#party = party
  }

  /** `party` is the payer or receiver whose channels count. */
  static async open(ledger: Ledger, party: Address): Promise<Followed> {
    const followed = new Followed(ledger, party)
    const marks = await ledger.read('blocks', { order: { by: 'number', descending: true } })
    followed.#marks = marks.map(row => ({ number: row.number, hash: row.hash as Hex }))
    followed.#events = (await ledger.read('events', { order: { by: 'block' } })).map(fromRow)
    followed.#fold()
    return followed
  }

  #fold(): void {
    this.#channels = new Map()
    for (const event of this.#events) this.#learn(event)
  }

  #learn(event: ChainEvent): void {
    if (event.name === 'Settled') return
    this.#channels.set(event.subject, applyEvent(this.#channels.get(event.subject), event))
  }

  #isOurs(event: ChainEvent): boolean {
    if (event.parties) return event.parties.payer === this.#party || event.parties.receiver === this.#party
    return event.subject === this.#party || this.#channels.has(event.subject)
  }

  async marks(): Promise<BlockMark[]> {
    return this.#marks
  }

  async apply(step: { cut?: number; mark: BlockMark; events: readonly ChainEvent[] }): Promise<void> {
    const { cut, mark } = step
    if (cut !== undefined) {
      this.#events = this.#events.filter(event => event.block < cut)
      this.#marks = this.#marks.filter(known => known.number < cut)
      this.#fold()
    }
    const ours: ChainEvent[] = []
    for (const event of step.events) {
      if (!this.#isOurs(event)) continue
      ours.push(event)
      this.#learn(event)
    }
    const writes: Write[] =
      cut === undefined
        ? []
        : [
            { cut: 'blocks', from: cut },
            { cut: 'events', from: cut },
          ]
    writes.push(put('blocks', mark), ...ours.map(event => put('events', toRow(event))))
    await this.#ledger.commit(...writes)
    this.#events.push(...ours)
    this.#marks = [mark, ...this.#marks.filter(known => known.number !== mark.number)]
  }

  /** A channel as the chain has it, by the events seen so far. */
  channel(id: Hex): ChannelOnChain | undefined {
    return this.#channels.get(id)
  }
}
