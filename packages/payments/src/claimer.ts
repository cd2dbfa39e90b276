import {
  type ChainClient,
  type Claim,
  claimWithSignatureCall,
  type Outbox,
  readReceiver,
  settleCall,
  simulate,
} from '@heddle/chain'
import { claimBatchDigest, type Domain, type Hex, isHeddleError, type Log, type Signer } from '@heddle/protocol'
import type { Receiver } from './receiver/receiver.ts'

export type ClaimerOptions = {
  receiver: Receiver
  outbox: Outbox
  client: ChainClient
  domain: Domain
  authorizer: Signer
  log: Log
  /** Claims a channel once this much (base units) is unclaimed on it. */
  threshold: bigint
}

const MAX_BATCH = 100

/**
 * Redeems vouchers: many channels in one transaction, by value and by time. One bad row reverts a whole batch, so a
 * batch is tried without sending first, and halved until the bad rows stand alone.
 */
export class Claimer {
  readonly #options: ClaimerOptions
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: ClaimerOptions) {
    this.#options = options
  }

  /**
   * Claims what is due. With `all`, claims everything and sweeps it to the receiver: a sweep costs as much as a claim,
   * so it is made for many of them. One run at a time.
   */
  claim(options: { all: boolean }): Promise<{ rows: number; amount: bigint; transactions: Hex[]; refused: Hex[] }> {
    const run = this.#turn.then(() => this.#claimNow(options))
    this.#turn = run.catch(() => undefined)
    return run
  }

  async #claimNow({ all }: { all: boolean }) {
    const open = await this.#options.receiver.claimable()
    const due = open.filter(
      ({ unclaimed, urgent }) => unclaimed > 0n && (all || urgent || unclaimed >= this.#options.threshold),
    )
    const claims: Claim[] = due.map(({ row, channel }) => ({
      channel,
      ceiling: row.ceiling,
      signature: row.signature as Hex,
      total: row.charged,
    }))
    const ids = due.map(({ row }) => row.id as Hex)
    const transactions: Hex[] = []
    const refused: Hex[] = []
    let rows = 0
    for (let at = 0; at < claims.length; at += MAX_BATCH) {
      const batch = claims.slice(at, at + MAX_BATCH)
      const sent = await this.#claimBatch(batch, ids.slice(at, at + MAX_BATCH))
      transactions.push(...sent.transactions)
      refused.push(...sent.refused)
      rows += batch.length - sent.refused.length
    }
    const first = open[0]
    if (all && first) transactions.push(...(await this.#sweep(first.channel.receiver, first.channel.token)))
    const amount = due
      .filter(({ row }) => !refused.includes(row.id as Hex))
      .reduce((sum, one) => sum + one.unclaimed, 0n)
    return { rows, amount, transactions, refused }
  }

  async #claimBatch(claims: readonly Claim[], ids: readonly Hex[]): Promise<{ transactions: Hex[]; refused: Hex[] }> {
    const { authorizer, domain, outbox, client, log } = this.#options
    const entries = claims.map((claim, i) => ({ channel: ids[i]!, ceiling: claim.ceiling, total: claim.total }))
    const call = claimWithSignatureCall(claims, authorizer.sign(claimBatchDigest(domain, entries)))
    try {
      await simulate(client, authorizer.address, call)
      return { transactions: [await outbox.send({ claim: ids }, call)], refused: [] }
    } catch (error) {
      if (!isHeddleError(error, 'chain_reverted')) throw error
      if (claims.length === 1) {
        log.error('claim refused', { channel: ids[0], error: error.message })
        return { transactions: [], refused: [ids[0]!] }
      }
      const half = Math.ceil(claims.length / 2)
      const left = await this.#claimBatch(claims.slice(0, half), ids.slice(0, half))
      const right = await this.#claimBatch(claims.slice(half), ids.slice(half))
      return {
        transactions: [...left.transactions, ...right.transactions],
        refused: [...left.refused, ...right.refused],
      }
    }
  }

  async #sweep(receiver: Hex, token: Hex): Promise<Hex[]> {
    const { claimed, settled } = await readReceiver(this.#options.client, receiver, token)
    if (claimed === settled) return []
    return [await this.#options.outbox.send({ settle: receiver }, settleCall(receiver, token))]
  }
}
