import { broadcast, type Call, type ChainClient, outcomeOf, readNonce, signCall } from '@heddle/chain'
import { type Ledger, put, type Row } from '@heddle/ledger'
import { canonical, HeddleError, type Hex, type Log, signerOf } from '@heddle/protocol'

type State = 'sent' | 'mined' | 'failed'

/**
 * Sends transactions from one gas key so that none is lost: signed, stored, and only then broadcast; broadcast again
 * after a reorganisation or a crash, with the same bytes. One at a time, so nonces have no gaps.
 */
export class Outbox {
  readonly #ledger: Ledger
  readonly #client: ChainClient
  readonly #secret: Uint8Array
  readonly #log: Log
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: { ledger: Ledger; client: ChainClient; secret: Uint8Array; log: Log }) {
    this.#ledger = options.ledger
    this.#client = options.client
    this.#secret = options.secret
    this.#log = options.log
  }

  /**
   * Sends a call and waits until it is in a block. Throws `chain_reverted` when the contract refuses it (nothing was
   * sent if it refuses beforehand), `chain_down` when the chain does not answer; then it is sent again later.
   */
  send(purpose: Record<string, unknown>, call: Call, timeout = 15_000): Promise<Hex> {
    const sent = this.#turn.then(() => this.#sendNow(purpose, call, timeout))
    this.#turn = sent.catch(() => undefined)
    return sent
  }

  async #sendNow(purpose: Record<string, unknown>, call: Call, timeout: number): Promise<Hex> {
    const sender = signerOf(this.#secret).address
    const waiting = await this.#ledger.read('transactions', { where: { sender, state: 'sent' } })
    const nonce = Math.max(await readNonce(this.#client, sender), ...waiting.map(row => row.nonce + 1))
    const signed = await signCall(this.#client, this.#secret, nonce, call)
    const row: Row<'transactions'> = { ...signed, purpose: canonical(purpose), state: 'sent' satisfies State }
    await this.#ledger.commit(put('transactions', row))
    await broadcast(this.#client, signed)
    const deadline = Date.now() + timeout
    for (;;) {
      const outcome = await outcomeOf(this.#client, signed.hash)
      if (outcome) {
        await this.#finish(row, outcome.success)
        if (!outcome.success) throw new HeddleError('chain_reverted', `${row.purpose} reverted in its block`)
        return signed.hash
      }
      if (Date.now() > deadline) throw new HeddleError('chain_down', `${signed.hash} is not in a block yet`)
      await new Promise(resolve => setTimeout(resolve, 25))
    }
  }

  #finish(row: Row<'transactions'>, success: boolean): Promise<void> {
    const state: State = success ? 'mined' : 'failed'
    return this.#ledger.commit(put('transactions', { ...row, state }))
  }

  /**
   * Looks after every transaction that may have been lost: after a start all that were only sent, after a
   * reorganisation those that were mined too. Throws `chain_down`.
   */
  recover(options: { reorganised: boolean }): Promise<void> {
    const recovered = this.#turn.then(() => this.#recoverNow(options))
    this.#turn = recovered.catch(() => undefined)
    return recovered
  }

  async #recoverNow({ reorganised }: { reorganised: boolean }): Promise<void> {
    const rows = await this.#ledger.read('transactions', { order: { by: 'nonce' } })
    for (const row of rows) {
      if (row.state === 'failed' || (row.state === 'mined' && !reorganised)) continue
      const outcome = await outcomeOf(this.#client, row.hash as Hex)
      if (outcome) {
        if (row.state === 'sent') await this.#finish(row, outcome.success)
        continue
      }
      const accepted = await broadcast(this.#client, { raw: row.raw as Hex })
      this.#log.info('transaction sent again', { hash: row.hash, accepted })
      const again = accepted ? await this.#waitBriefly(row.hash as Hex) : undefined
      if (again) await this.#finish(row, again.success)
      else await this.#ledger.commit(put('transactions', { ...row, state: accepted ? 'sent' : 'failed' }))
    }
  }

  async #waitBriefly(hash: Hex): Promise<{ success: boolean } | undefined> {
    for (let i = 0; i < 40; i++) {
      const outcome = await outcomeOf(this.#client, hash)
      if (outcome) return outcome
      await new Promise(resolve => setTimeout(resolve, 25))
    }
    return undefined
  }
}
