import {
  type ChainClient,
  type Outbox,
  readBlockHash,
  readVerifierThere,
  readWitnessed,
  readWitnessedBlock,
  verifierAddress,
  witnessBlockCall,
  witnessClaimCall,
} from '@heddle/chain'
import type { Ledger } from '@heddle/ledger'
import { canonical, type Hex, type Log } from '@heddle/protocol'
import type { Followed } from '../chain/followed.ts'
import { readClaims } from './claims.ts'
import type { Payer } from './payer.ts'

export type ClaimWitnessOptions = {
  ledger: Ledger
  payer: Payer
  followed: Followed
  client: ChainClient
  /** Sends from a key of its own, and keeps what it sends in this ledger. */
  outbox: Outbox
  /** How often the claims of one channel are witnessed: {@link USUAL_WITNESSES} where it is left out. */
  most?: number
  log: Log
}

/**
 * How often the claims of one channel are witnessed, unless an owner says otherwise. Whoever claims above its receipts pays more for each claim than its
 * witness costs; nobody is to empty another's purse of gas with it all the same.
 */
const USUAL_WITNESSES = 8

/**
 * Has the chain see what convicts a provider that claims more than it charges. The settlement contract keeps how much was
 * claimed, not since when, so somebody has to have its verifier look before a receipt names a later block: the payer, whom
 * it costs money. A provider that claims what it charged is never the cause of a transaction, but where its receipt is
 * still on its way: then the witness says nothing against it. What one of its receipts proves afterwards stays provable when the
 * chain has forgotten the hash of the block that it names: that is witnessed too.
 */
export class ClaimWitness {
  readonly #options: ClaimWitnessOptions
  #turn: Promise<void> = Promise.resolve()
  /** The look that has not begun yet, where there is one: it sees all that whoever asks now means. */
  #next: Promise<void> | undefined
  /** What was told in the log: once each. */
  readonly #told = new Set<string>()
  /** Receipts that were held against a claim, and need no second look unless the chain is another one. */
  readonly #held = new Set<string>()

  constructor(options: ClaimWitnessOptions) {
    this.#options = options
  }

  /** Looks at every channel that is paid here. One look at a time. Throws `chain_down`; it is made up for by the next look. */
  look(): Promise<void> {
    if (this.#next) return this.#next
    const looked = this.#turn.then(() => {
      this.#next = undefined
      return this.#lookNow()
    })
    this.#next = looked
    this.#turn = looked.catch(() => undefined)
    return looked
  }

  /** After a reorganisation: what was seen may not be there any more. */
  forget(): void {
    this.#held.clear()
  }

  async #lookNow(): Promise<void> {
    const { ledger, payer, followed, client, outbox, most = USUAL_WITNESSES } = this.#options
    const sent = await ledger.read('transactions')
    // What is on its way is waited for, not sent twice.
    if (sent.some(({ state }) => state === 'sent')) return outbox.recover({ reorganised: false })
    const witnessesOf = (channel: Hex): number =>
      sent.filter(({ purpose, state }) => state === 'mined' && purpose === canonical({ witness: channel })).length
    for (const { id } of await ledger.read('channels', { where: { side: 'paying' } })) {
      const channel = id as Hex
      const claimed = followed.channel(channel)?.claimed ?? 0n
      if (claimed === 0n) continue
      const [isAbove, witnesses] = [claimed > (await payer.chargedOn(channel)), witnessesOf(channel)]
      if (!isAbove && witnesses === 0) continue
      if (!(await readVerifierThere(client)))
        return this.#tell('claims are not witnessed: this chain has no verifier', {
          at: verifierAddress(client.chainId),
        })
      if (isAbove && (await readWitnessed(client, channel, claimed)) === null) {
        if (witnesses < most) await outbox.send({ witness: channel }, witnessClaimCall(client.chainId, channel))
        else this.#tell('no more claims of this channel are witnessed', { channel })
      }
      await this.#holdAgainst(channel)
    }
  }

  /** Has the chain keep the hashes of the blocks that convict. */
  async #holdAgainst(channel: Hex): Promise<void> {
    const { ledger, client, outbox } = this.#options
    for (let after = -1; ; ) {
      const { claims, next } = await readClaims(ledger, { after, channel })
      for (const { total, below } of claims) {
        const seen = below?.receipt.seen
        if (!seen) continue
        const witnessed = await readWitnessed(client, channel, total)
        const key = `${channel} ${total} ${witnessed} ${below.receipt.id}`
        if (witnessed === null || this.#held.has(key)) continue
        const isProven = seen.block >= witnessed && (await readBlockHash(client, seen.block)) === seen.hash
        if (isProven && (await readWitnessedBlock(client, seen.block)) === null)
          await outbox.send({ witnessBlock: seen.block }, witnessBlockCall(client.chainId, seen.block))
        this.#held.add(key)
      }
      if (next <= after) return
      after = next
    }
  }

  #tell(message: string, fields: Record<string, string>): void {
    const key = canonical({ message, ...fields })
    if (!this.#told.has(key)) this.#options.log.warn(message, fields)
    this.#told.add(key)
  }
}
