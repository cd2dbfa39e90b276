import type { ChainEvent } from '@heddle/chain'
import { type Digest, digestOf, type Hex } from '@heddle/protocol'
import { fixture } from '@heddle/testing'

export type Block = Readonly<{ number: number; hash: Digest; claimed: bigint; events: readonly ChainEvent[] }>

const PAYER = fixture.parties.payer.address
let hashes = 0

/** A chain with one channel on it, which may lose blocks and have others instead. Its blocks begin at a number. */
export class Chain {
  readonly #channel: Hex
  readonly #balance: bigint
  #receiver: Hex
  blocks: Block[] = []
  readonly first: number

  constructor(options: { channel: Hex; receiver: Hex; balance: bigint; first: number }) {
    this.#channel = options.channel
    this.#receiver = options.receiver
    this.#balance = options.balance
    this.first = options.first
    this.mine()
  }

  get head(): Block {
    return this.blocks.at(-1)!
  }

  get created(): boolean {
    return this.blocks.some(({ events }) => events.length > 0)
  }

  at(number: number): Block | undefined {
    return this.blocks[number - this.first]
  }

  /** A block, in which the channel may be made, and in which so much may be claimed, all told. */
  mine({ create = false, claim }: { create?: boolean; claim?: bigint } = {}): void {
    const number = this.first + this.blocks.length
    const before = this.blocks.at(-1)?.claimed ?? 0n
    const claimed = claim !== undefined && claim > before && claim <= this.#balance && this.created ? claim : before
    const subject = this.#channel
    const placed = (position: number) => ({ block: number, position, transaction: subject, subject })
    const parties = { payer: PAYER, receiver: this.#receiver }
    const events: ChainEvent[] = create
      ? [
          { ...placed(0), name: 'ChannelCreated', amount: 0n, total: 0n, parties },
          { ...placed(1), name: 'Deposited', amount: this.#balance, total: this.#balance },
        ]
      : []
    if (claimed > before) events.push({ ...placed(2), name: 'Claimed', amount: claimed - before, total: claimed })
    hashes += 1
    this.blocks.push({ number, hash: digestOf(`block ${hashes}`), claimed, events })
  }

  /**
   * Takes the last blocks back, all but the first, and has others instead, after some without anything: what was claimed there
   * is claimed again, or not.
   */
  reorganise(depth: number, keepsClaims: boolean, later = 0): void {
    const taken = this.blocks.splice(Math.max(1, this.blocks.length - depth))
    for (let i = 0; i < later; i++) this.mine()
    for (const { events } of taken) {
      const claim = keepsClaims ? events.find(({ name }) => name === 'Claimed')?.total : undefined
      this.mine({ create: events.some(({ name }) => name === 'ChannelCreated'), ...(claim ? { claim } : {}) })
    }
  }
}
