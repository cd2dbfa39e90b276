import { type Address, canonical, HeddleError, type Hex, type Log, signerOf } from '@heddle/protocol'
import type { ChainClient } from '../connect.ts'
import type { Sendable } from './calls.ts'
import { broadcast, outcomeOf, readNonce, readPendingNonce, type SignedTransaction, signCall } from './sign.ts'
import { inTurn } from './turns.ts'

/** A transaction as an outbox keeps it: `sent` until it is known to be in a block, or never to be. */
export type KeptTransaction = SignedTransaction & { purpose: string; state: 'sent' | 'mined' | 'failed' }

/** Where an outbox keeps what it sent. */
export type TransactionStore = {
  /** Every transaction, in the order of nonces. */
  all(): Promise<KeptTransaction[]>
  /** Those of a sender that are not known to be in a block. */
  waiting(sender: Address): Promise<KeptTransaction[]>
  /** Adds it, or its new state; it is as durable as it has to be when this resolves. */
  keep(transaction: KeptTransaction): Promise<void>
}

/** For whoever may lose its transactions with its process: tests, and the faucet of a devnet. */
export function keptInMemory(): TransactionStore {
  const kept = new Map<Hex, KeptTransaction>()
  const inOrder = (): KeptTransaction[] => [...kept.values()].sort((a, b) => a.nonce - b.nonce)
  return {
    all: async () => inOrder(),
    waiting: async sender => inOrder().filter(one => one.sender === sender && one.state === 'sent'),
    async keep(transaction) {
      kept.set(transaction.hash, transaction)
    },
  }
}

const silent: Log = { info() {}, warn() {}, error() {} }

/** How often a number is taken anew where another program sends with the same key. */
const TRIES = 10
/** Milliseconds between two looks whether a transaction is in a block. */
const LOOK = 25

/**
 * Sends transactions from one key so that none is lost: signed, stored, and only then broadcast; broadcast again
 * after a reorganisation or a crash, with the same bytes. It owns the nonces of its key: one transaction at a time, of all
 * outboxes in this process that have this key, so they have no gaps and no two have the same.
 */
export class Outbox {
  readonly #store: TransactionStore
  readonly #client: ChainClient
  readonly #secret: Uint8Array
  readonly #log: Log
  readonly #sender: Address

  constructor(options: { client: ChainClient; secret: Uint8Array; store?: TransactionStore; log?: Log }) {
    this.#store = options.store ?? keptInMemory()
    this.#client = options.client
    this.#secret = options.secret
    this.#log = options.log ?? silent
    this.#sender = signerOf(options.secret).address
  }

  /**
   * Sends a call and waits until it is in a block. Throws `chain_reverted` when the contract refuses it (nothing was
   * sent if it refuses beforehand), `chain_down` when the chain does not answer; then it is sent again later.
   */
  send(purpose: Record<string, unknown>, call: Sendable, timeout = 15_000): Promise<Hex> {
    return this.#inTurn(() => this.#sendNow(canonical(purpose), call, timeout))
  }

  /**
   * Looks after every transaction that may have been lost: after a start all that were only sent, after a
   * reorganisation those that were mined too. Throws `chain_down`.
   */
  recover(options: { reorganised: boolean }): Promise<void> {
    return this.#inTurn(() => this.#recoverNow(options))
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    return inTurn(`${this.#client.chainId} ${this.#sender}`, act)
  }

  async #sendNow(purpose: string, call: Sendable, timeout: number): Promise<Hex> {
    const transaction = await this.#place(purpose, call)
    const deadline = performance.now() + timeout
    for (;;) {
      const outcome = await outcomeOf(this.#client, transaction.hash)
      if (outcome) {
        await this.#finish(transaction, outcome.success)
        if (!outcome.success) throw new HeddleError('chain_reverted', `${purpose} reverted in its block`)
        return transaction.hash
      }
      if (performance.now() > deadline) throw new HeddleError('chain_down', `${transaction.hash} is not in a block yet`)
      await new Promise(resolve => setTimeout(resolve, LOOK))
    }
  }

  /** Signs and broadcasts under the next number; where another program took it meanwhile, under the one after. */
  async #place(purpose: string, call: Sendable): Promise<KeptTransaction> {
    for (let tries = 0; tries < TRIES; tries++) {
      const waiting = await this.#store.waiting(this.#sender)
      const seen = await (tries === 0 ? readNonce : readPendingNonce)(this.#client, this.#sender)
      const nonce = Math.max(seen, ...waiting.map(one => one.nonce + 1))
      const signed = await signCall(this.#client, this.#secret, nonce, call)
      const transaction: KeptTransaction = { ...signed, purpose, state: 'sent' }
      await this.#store.keep(transaction)
      if (await broadcast(this.#client, signed)) return transaction
      // Sent twice where the first answer was lost: then it is this very one that has the number.
      if (await outcomeOf(this.#client, signed.hash)) return transaction
      await this.#store.keep({ ...transaction, state: 'failed' })
      this.#log.warn('another program sends with this key', { sender: this.#sender, nonce })
    }
    throw new HeddleError(
      'chain_down',
      `another program takes every nonce of ${this.#sender}: it must not share its key`,
    )
  }

  #finish(transaction: KeptTransaction, success: boolean): Promise<void> {
    return this.#store.keep({ ...transaction, state: success ? 'mined' : 'failed' })
  }

  async #recoverNow({ reorganised }: { reorganised: boolean }): Promise<void> {
    for (const one of await this.#store.all()) {
      if (one.state === 'failed' || (one.state === 'mined' && !reorganised)) continue
      const outcome = await outcomeOf(this.#client, one.hash)
      if (outcome) {
        if (one.state === 'sent') await this.#finish(one, outcome.success)
        continue
      }
      const accepted = await broadcast(this.#client, one)
      this.#log.info('transaction sent again', { hash: one.hash, accepted })
      // Asked for its outcome after its number: one that is used up may have been used up by this very one meanwhile.
      const isOpen = accepted || (await readNonce(this.#client, one.sender)) <= one.nonce
      const again = await (accepted ? this.#waitBriefly(one.hash) : outcomeOf(this.#client, one.hash))
      if (again) await this.#finish(one, again.success)
      else await this.#store.keep({ ...one, state: isOpen ? 'sent' : 'failed' })
    }
  }

  async #waitBriefly(hash: Hex): Promise<{ success: boolean } | undefined> {
    for (let i = 0; i < 40; i++) {
      const outcome = await outcomeOf(this.#client, hash)
      if (outcome) return outcome
      await new Promise(resolve => setTimeout(resolve, LOOK))
    }
    return undefined
  }
}
