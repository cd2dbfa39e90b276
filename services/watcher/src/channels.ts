import { type Finding, type Fraud, findingOf, type Hex, isHeddleError, judgeClaim } from '@heddle/protocol'
import type { ClaimTold, RefusedSeen } from '@heddle/sdk'
import type { Checking } from './checking.ts'

/** A claim by the transaction that made it: one transaction claims on many channels. */
const keyOf = ({ claim, transaction }: Pick<ClaimTold, 'claim' | 'transaction'>): string =>
  `${claim.channel} ${transaction}`

/**
 * Watches channels as a whole: receipts that contradict each other or their offers, and claims above what was charged.
 * All of them, not a share: there are few, and what convicts is here already. Begins anew with every start; what was
 * found before is not found again.
 */
export class ChannelWatch {
  readonly #checking: Checking
  /** Claims up to this block were judged. */
  #block = -1
  /** Claims above the last receipt of their channel, by their key: a later receipt decides. */
  readonly #above = new Map<string, { channel: Hex; block: number }>()
  /** Those of them that were told about in the log. */
  readonly #warned = new Set<string>()

  constructor(checking: Checking) {
    this.#checking = checking
  }

  /** Throws only when the gateway does not answer, or when told to stop. */
  async look(signal: AbortSignal): Promise<void> {
    for (const look of [() => this.#lookAtRefused(signal), () => this.#lookAtClaims(signal)]) {
      try {
        await look()
      } catch (error) {
        signal.throwIfAborted()
        if (isHeddleError(error, 'not_running')) throw error
        this.#checking.log.warn('channels not watched', { error: (error as Error).message })
      }
    }
    this.#checking.metrics.add('channel_looks_total')
  }

  async #lookAtRefused(signal: AbortSignal): Promise<void> {
    for (let after = 0; ; ) {
      const { refused, next } = await this.#checking.gateway.refused(after, signal)
      for (const one of refused) await this.#judgeRefused(one)
      if (next === after) return
      after = next
    }
  }

  async #judgeRefused(refused: RefusedSeen): Promise<void> {
    const { provider, receipt, offer, rival } = refused
    // The rate is of the model that was offered, whatever a receipt says.
    const model = offer?.offer.serves.digest ?? rival?.receipt.model ?? receipt.receipt.model
    await this.#found({ provider, model }, this.#checking.prover.proveRefused(refused, provider))
  }

  async #lookAtClaims(signal: AbortSignal): Promise<void> {
    const waiting = [...this.#above.values()]
    for (const channel of new Set(waiting.map(one => one.channel))) {
      const blocks = waiting.filter(one => one.channel === channel).map(({ block }) => block)
      // What the chain does not have any more is not waited for.
      for (const [key, one] of this.#above) if (one.channel === channel) this.#above.delete(key)
      await this.#judgeClaims({ after: Math.min(...blocks) - 1, channel }, signal)
    }
    // A chain that lost blocks is read again from where it ends.
    this.#block = await this.#judgeClaims({ after: this.#block }, signal)
    this.#checking.metrics.set('claims_above', this.#above.size)
  }

  /** Judges all claims after a block. Gives the block up to which there are no others. */
  async #judgeClaims(from: { after: number; channel?: Hex }, signal: AbortSignal): Promise<number> {
    for (let { after } = from; ; ) {
      const { claims, next, head } = await this.#checking.gateway.claims({ ...from, after }, signal)
      for (const claim of claims) await this.#judgeClaim(claim)
      if (next <= after) return Math.min(next, head)
      after = next
    }
  }

  async #judgeClaim(told: ClaimTold): Promise<void> {
    const { records, log } = this.#checking
    const { claim, transaction, provider, block, below } = told
    const key = keyOf(told)
    const { proof, above, verdicts } = judgeClaim(told, provider)
    if (proof && below) {
      this.#above.delete(key)
      const known = await records.findings(provider, 'overcharge')
      const isSame = ({ facts }: Finding): boolean =>
        facts['transaction'] === transaction && facts['channel'] === claim.channel
      if (known.some(isSame)) return
      return this.#found({ provider, model: below.receipt.model }, { proof, verdicts }, { transaction })
    }
    if (!above) return void this.#above.delete(key)
    this.#above.set(key, { channel: claim.channel, block })
    if (this.#warned.has(key)) return
    this.#warned.add(key)
    const charged = below?.receipt.charged ?? '0'
    log.warn('claimed above the last receipt', { provider, transaction, claimed: claim.totalClaimed, charged })
  }

  /** What convicts is on disk before anybody acts on it. */
  async #found(
    of: { provider: string; model: string },
    { proof, verdicts }: Fraud,
    facts: Finding['facts'] = {},
  ): Promise<void> {
    if (!proof) return
    const { prover, records, files, metrics, clock, log } = this.#checking
    const finding = findingOf(verdicts.at(-1)!)
    const whole = { ...finding, facts: { ...finding.facts, ...facts } }
    const check = await records.foundOnChannel(of, whole, prover.write(proof), clock.now())
    if (!check) return
    metrics.add(`checks_total{verdict="${finding.verdict}"}`)
    const { receipt, check: kind, reason } = finding
    log.warn('dishonest', { receipt, provider: of.provider, check: kind, reason, provable: true })
    files.write(check)
  }
}
