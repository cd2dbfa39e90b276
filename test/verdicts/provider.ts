import type { Ledger } from '@heddle/ledger'
import { Followed, Receiver } from '@heddle/payments'
import {
  type Channel,
  digestOf,
  type Hex,
  isHeddleError,
  type JobRequest,
  jobId,
  type Offer,
  type SignedReceipt,
  type Usage,
  type Voucher,
} from '@heddle/protocol'
import { failing, fixture } from '@heddle/testing'
import { Settler } from '../../services/provider/src/job/receipt.ts'
import type { Chain } from './chain.ts'
import { memoryLedger } from './memory-ledger.ts'

const { parties } = fixture
const nothing = digestOf('')
/** What the channel holds. */
export const BALANCE = 1_000n

/** What one piece of work comes to, and what it was. */
export type Work = { job: JobRequest; offer: Offer; charge: bigint; used: Usage; evidence?: readonly Uint8Array[] }

/**
 * An honest provider, made of the parts that sell: what it follows, what it admits and charges, what it signs. It claims at most
 * what it has charged. Its keys are always the same, its ledger may be lost, its clock is what the story says.
 */
export class HonestProvider {
  readonly #chain: Chain
  /** The payer's word for all that the channel holds: it is not the payer who is tried here. */
  readonly #voucher: Voucher
  readonly #clock: { now(): number }
  #ledger: Ledger & { failNext(commits: number): void } = failing(memoryLedger())
  #followed!: Followed
  #receiver!: Receiver
  #settler!: Settler

  constructor(chain: Chain, voucher: Voucher, clock: { now(): number }) {
    this.#chain = chain
    this.#voucher = voucher
    this.#clock = clock
  }

  /** Begins with what is on disk, as after a crash. */
  async start(): Promise<void> {
    const ledger = this.#ledger
    const followed = await Followed.open(ledger, parties.receiver.address, this.#clock)
    this.#followed = followed
    this.#receiver = new Receiver({ ledger, followed })
    this.#settler = new Settler({
      receiver: this.#receiver,
      signer: parties.provider,
      clock: this.#clock,
      seen: (channel, charged) => followed.lastWithin(channel, charged),
    })
  }

  /** Begins with nothing but its keys. */
  async lose(): Promise<void> {
    this.#ledger = failing(memoryLedger())
    await this.start()
  }

  /** Looks at the chain as it is now: as `followOnce` of packages/chain does. */
  async look(): Promise<void> {
    const marks = await this.#followed.marks()
    const ancestor = marks.find(({ number, hash }) => this.#chain.at(number)?.hash === hash)
    const { head, first, blocks } = this.#chain
    const from = ancestor ? ancestor.number + 1 : first
    const isOther = marks.length > 0 && ancestor !== marks[0]
    if (!isOther && from > head.number) return
    await this.#followed.apply({
      ...(isOther ? { cut: from } : {}),
      mark: { number: head.number, hash: head.hash },
      head: head.number,
      events: blocks.slice(Math.max(0, from - first)).flatMap(({ events }) => events),
    })
  }

  /** What it may claim: all that it has charged on a channel. */
  async charged(id: Hex): Promise<bigint> {
    const [row] = await this.#ledger.read('channels', { where: { id } })
    return row?.charged ?? 0n
  }

  /** Does a piece of work, if it takes it, and signs for it, unless its disk fails just then. `meanwhile` is while it runs. */
  async work(
    { job, offer, charge, used, evidence }: Work,
    channel: Channel,
    { fails, meanwhile }: { fails: boolean; meanwhile(): Promise<void> },
  ): Promise<SignedReceipt | undefined> {
    const id = job.channel
    try {
      await this.#receiver.register(id, channel, offer)
      if (charge > 0n) await this.#receiver.admit(this.#voucher, offer)
      const held = await this.#receiver.reserve(id, charge)
      if (!('reservation' in held)) return undefined
      await meanwhile()
      if (fails) this.#ledger.failNext(1)
      return await this.#settler.settle(held.reservation, {
        id: jobId(job),
        signed: { job, signature: '0x' },
        offer,
        used,
        charge,
        output: new Uint8Array(0),
        digest: nothing,
        finish: 'stop',
        started: Math.max(1, this.#clock.now() - 1_000),
        ...(evidence ? { evidence } : {}),
      })
    } catch (error) {
      if (isHeddleError(error)) return undefined
      throw error
    }
  }
}
