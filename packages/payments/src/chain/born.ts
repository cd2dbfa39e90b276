import type { ChainEvent } from '@heddle/chain'
import { type Ledger, put, type Row, type Write } from '@heddle/ledger'
import { digestOf, type Hex } from '@heddle/protocol'

const NAME = 'born'
const OLDER = 'older '

/**
 * The block up to which the chain went when a ledger first saw it. What was done on channels from before that was done
 * under another ledger, and nothing here tells what. Nothing else tells this number either, so it carries its own digest:
 * a row that was altered is no such fact.
 */
export const bornFact = (block: number): Row<'facts'> => ({
  name: NAME,
  value: `${block}/${digestOf(`born ${block}`)}`,
})

/** The number in such a row; nothing for any other row, or one that was altered. */
export function bornIn(row: Row<'facts'>): number | undefined {
  const block = Number.parseInt(row.value, 10)
  const fact = bornFact(block)
  return row.name === fact.name && row.value === fact.value ? block : undefined
}

/** A channel from before a ledger, by its id: the chain may lose its block, and have it again in a later one. */
const olderFact = (channel: Hex): Row<'facts'> => ({ name: `${OLDER}${channel}`, value: digestOf(OLDER + channel) })

/** The channel in such a row; nothing for any other row, or one that was altered. */
export function olderIn(row: Row<'facts'>): Hex | undefined {
  if (!row.name.startsWith(OLDER)) return undefined
  const channel = row.name.slice(OLDER.length) as Hex
  return olderFact(channel).value === row.value ? channel : undefined
}

/** A channel, and the block that made it. */
type Created = { channel: Hex; block: number }

/** What a step of a follower does to a birth: what is written with it, and what counts once that is on disk. */
export type BirthStep = { writes: readonly Write[]; done(): void }

/**
 * When a ledger began, and which channels are older than it. Receipts may have been signed on those that are not here, so to
 * sign others in their places would be two stories about one place.
 */
export class Birth {
  #block: number | undefined
  readonly #older: Set<Hex>
  /** Those of a ledger from before they were written down. */
  #unwritten: readonly Hex[]

  private constructor(block: number | undefined, older: readonly Hex[], unwritten: readonly Hex[]) {
    this.#block = block
    this.#older = new Set([...older, ...unwritten])
    this.#unwritten = unwritten
  }

  /** `created` are the channels that this ledger knows to be on the chain. */
  static async open(ledger: Ledger, created: readonly Created[]): Promise<Birth> {
    const facts = await ledger.read('facts')
    const block = facts.map(bornIn).find(one => one !== undefined)
    const older = new Set(facts.flatMap(row => olderIn(row) ?? []))
    const all = created.filter(one => block !== undefined && one.block <= block).map(one => one.channel)
    return new Birth(
      block,
      [...older],
      all.filter(channel => !older.has(channel)),
    )
  }

  /**
   * A look at the chain. `newest` is the newest block that was seen before it, where there was one; `head` is how far the chain
   * goes, `cut` the block from which on it is another chain, `created` the channels that were made in what is new.
   *
   * Each channel from before the ledger is kept by its name, so what the chain makes in place of blocks that it lost is not
   * older than the ledger: only while not all of the chain as it was then has been read, nothing is moved.
   */
  step(
    { newest, head, cut }: { newest: number | undefined; head: number; cut: number | undefined },
    created: readonly Created[],
  ): BirthStep {
    // A ledger from before this was written down has all that it ever signed.
    const before = this.#block ?? (newest === undefined ? head : 0)
    const isRead = newest !== undefined && newest >= before
    const block = cut !== undefined && isRead ? Math.min(before, cut - 1) : before
    const made = created.filter(one => one.block <= block && !this.#older.has(one.channel)).map(one => one.channel)
    const older = [...this.#unwritten, ...made]
    return {
      writes: [
        ...(block === this.#block ? [] : [put('facts', bornFact(block))]),
        ...older.map(channel => put('facts', olderFact(channel))),
      ],
      done: () => {
        this.#block = block
        this.#unwritten = []
        for (const channel of older) this.#older.add(channel)
      },
    }
  }

  /** Whether a channel was there before the ledger; `created` is the block that has it now. */
  isOlder(channel: Hex, created: number | undefined): boolean {
    if (this.#older.has(channel)) return true
    return created !== undefined && this.#block !== undefined && created <= this.#block
  }
}

/** The channels that some events make. */
export const createdBy = (events: readonly ChainEvent[]): Created[] =>
  events.flatMap(({ name, subject, block }) => (name === 'ChannelCreated' ? [{ channel: subject, block }] : []))
