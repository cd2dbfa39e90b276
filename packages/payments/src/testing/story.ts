import assert from 'node:assert/strict'
import { domainOf, type Hex, isHeddleError, type Receipt, recoverVoucher, type SignedReceipt } from '@heddle/protocol'
import { fixture } from '@heddle/testing'
import type { Payer } from '../payer/payer.ts'
import type { Receiver, Reservation } from '../receiver/receiver.ts'
import { EXPOSURE, type Met, nameOthers, payerOn, receiverOn, rowIn, settled, unique, wait } from './parties.ts'

const { parties } = fixture

/** Channels on which nothing was done that the receiver of a story remembers. */
export const MOST_NAMED = 2

/** What may happen next; numbers choose among what there is. */
export type Step =
  | { do: 'others are named'; amount: number }
  | { do: 'deposit' | 'ask' | 'chunk'; amount: number; job: number }
  | { do: 'finish' | 'abandon' | 'arrive'; job: number }
  | { do: 'restart payer' | 'restart receiver' | 'payer disk full' | 'receiver disk full' }

type Running = { job: Hex; reservation: Reservation; delivered: bigint; next: bigint }

/** Two honest parties, their crashes and their full disks, and what must hold after every step. */
export class Story {
  readonly #met: Met
  #payer: Payer
  #receiver: Receiver
  #running: Running[] = []
  #onTheWay: SignedReceipt[] = []
  /** Receipts whose jobs the payer does not remember: they may take room that it counts on. */
  readonly #forgotten = new Set<string>()
  #made: Receipt[] = []
  /** Channels of strangers, who pay nothing. */
  readonly #others: Hex[] = []
  #highest = 0n

  constructor(met: Met) {
    this.#met = met
    this.#payer = met.payer
    this.#receiver = met.receiver
  }

  async step(step: Step): Promise<void> {
    const { followed, id, paid, paying } = this.#met
    if (step.do === 'payer disk full') paying.failNext(1)
    else if (step.do === 'receiver disk full') paid.failNext(1)
    else if (step.do === 'restart payer') await this.#restartPayer()
    else if (step.do === 'restart receiver') await this.#restartReceiver()
    else if (step.do === 'others are named')
      this.#others.push(...(await nameOthers(this.#receiver, this.#met, step.amount)))
    else if (step.do === 'ask') await this.#ask(BigInt(step.amount))
    else if (step.do === 'arrive') await this.#arrive(step.job)
    else if (step.do === 'deposit') {
      followed.set(id, { balance: (followed.channel(id)?.balance ?? 0n) + BigInt(step.amount) })
    } else if ('job' in step) {
      const running = this.#running[step.job % Math.max(1, this.#running.length)]
      if (running && step.do === 'chunk') await this.#chunk(running, BigInt(step.amount))
      else if (running && step.do === 'finish') await this.#finish(running, running.delivered + running.next)
      else if (running) await this.#abandon(running)
    }
    await this.#check()
  }

  #owed(): bigint {
    return this.#running.reduce((sum, { delivered }) => sum + delivered, 0n)
  }

  /** What the payer does before each chunk. Gives false when it cannot, or its disk failed. */
  async #cover(job: Hex, delivered: bigint, next: bigint): Promise<boolean> {
    const { id, offer, paying } = this.#met
    const before = (await rowIn(paying, id)).ceiling
    const owed = (await this.#payer.chargedOn(id)) + this.#owedOnTheWay() + this.#owed()
    let side: 'payer' | 'receiver' = 'payer'
    try {
      const voucher = await this.#payer.take(id, job, { delivered, next }, offer)
      const ceiling = BigInt(voucher.ceiling)
      assert.equal(recoverVoucher(domainOf(offer), voucher), parties.authorizer.address)
      assert.ok((await rowIn(paying, id)).ceiling >= ceiling, 'a voucher left before its ceiling was on disk')
      assert.ok(ceiling >= this.#highest, 'a ceiling went down')
      const running = this.#running.find(one => one.job === job)
      const more = delivered - (running?.delivered ?? 0n)
      if (ceiling > before) assert.ok(ceiling <= owed + more + EXPOSURE, 'more exposed than the offer asks for')
      this.#highest = ceiling
      side = 'receiver'
      await this.#named()
      await this.#receiver.admit(voucher, offer)
      return true
    } catch (error) {
      if (isHeddleError(error, 'disk_full')) await this.#afterFailure(side)
      else
        assert.ok(
          isHeddleError(error, 'channel_underfunded') ||
            (next > EXPOSURE ? isHeddleError(error, 'exposure_exceeded') : isHeddleError(error, 'busy')),
          String(error),
        )
      return false
    }
  }

  /** What was forgotten is named again: that happens only to a channel on which nothing was signed or done. */
  async #named(): Promise<void> {
    const { id, channel, offer, paid } = this.#met
    if ((await this.#receiver.rail(id)) !== undefined) return
    const row = await rowIn(paid, id)
    // A row of a free job that never ran is passed over after a failed write; a deposit that came since keeps nobody's promise.
    const isBlank = !row || (row.signature === '' && row.sequence === 0)
    assert.ok(isBlank, 'a channel was forgotten on which something was signed')
    await this.#receiver.register(id, channel, offer)
  }

  /** The same, also on a disk that was to be full at the next write. */
  async #namedOnAnyDisk(): Promise<void> {
    await this.#named().catch(async error => {
      assert.ok(isHeddleError(error, 'disk_full'), String(error))
      await this.#afterFailure('receiver')
      await this.#named()
    })
  }

  /** Delivered and charged by the receiver, remembered by the payer, but not recorded yet. */
  #owedOnTheWay(): bigint {
    return this.#onTheWay
      .filter(({ receipt }) => !this.#forgotten.has(receipt.id))
      .reduce((sum, { receipt }) => sum + BigInt(receipt.charge), 0n)
  }

  async #ask(next: bigint): Promise<void> {
    const { id } = this.#met
    const job = unique()
    if (!(await this.#cover(job, 0n, next))) return
    const held = await this.#receiver.reserve(id, next).catch(error => {
      assert.ok(next === 0n && isHeddleError(error, 'disk_full'), String(error))
      return undefined
    })
    if (!held) {
      await this.#payer.release(id, job)
      return this.#afterFailure('receiver')
    }
    if ('reservation' in held) {
      this.#running.push({ job, reservation: held.reservation, delivered: 0n, next })
      return
    }
    assert.ok(this.#forgotten.size > 0, 'the payer covered a chunk that the receiver has no room for')
    await this.#payer.release(id, job)
  }

  async #chunk(running: Running, next: bigint): Promise<void> {
    const delivered = running.delivered + running.next
    if (!(await this.#cover(running.job, delivered, next))) {
      if (this.#running.includes(running)) await this.#finish(running, delivered)
      return
    }
    try {
      await this.#receiver.extend(running.reservation, delivered + next, wait)
      running.delivered = delivered
      running.next = next
    } catch (error) {
      assert.ok(isHeddleError(error, 'payer_stalled') && this.#forgotten.size > 0, String(error))
      await this.#finish(running, delivered)
    }
  }

  async #finish(running: Running, charge: bigint): Promise<void> {
    const { id, offer } = this.#met
    // The payer has been delivered the last chunk: it owes that before the receipt comes.
    if (running.next > 0n) await this.#payer.take(id, running.job, { delivered: charge, next: 0n }, offer)
    try {
      const receipt = await settled(this.#receiver, id, running.reservation, charge, running.job)
      this.#running = this.#running.filter(one => one !== running)
      this.#made.push(receipt.receipt)
      this.#onTheWay.push(receipt)
    } catch (error) {
      assert.ok(isHeddleError(error, 'disk_full'), String(error))
      await this.#afterFailure('receiver')
    }
  }

  async #abandon(running: Running): Promise<void> {
    await this.#receiver.release(running.reservation)
    await this.#payer.release(this.#met.id, running.job)
    this.#running = this.#running.filter(one => one !== running)
  }

  async #arrive(which: number): Promise<void> {
    const receipt = this.#onTheWay[which % Math.max(1, this.#onTheWay.length)]
    if (!receipt) return
    try {
      assert.equal(await this.#payer.record(receipt, null), true)
      this.#onTheWay = this.#onTheWay.filter(one => one !== receipt)
      this.#forgotten.delete(receipt.receipt.id)
    } catch (error) {
      assert.ok(isHeddleError(error, 'disk_full'), String(error))
      await this.#afterFailure('payer')
    }
  }

  /** One side has lost its memory: no running job goes on; what is durable is what counts. */
  async #afterFailure(side: 'payer' | 'receiver'): Promise<void> {
    const { id, paid, paying } = this.#met
    paying.failNext(0)
    paid.failNext(0)
    if (side === 'payer') for (const { receipt } of this.#onTheWay) this.#forgotten.add(receipt.id)
    for (const running of this.#running) {
      await this.#receiver.release(running.reservation)
      await this.#payer.release(id, running.job)
    }
    this.#running = []
  }

  async #restartPayer(): Promise<void> {
    const { followed, id, offer, paying } = this.#met
    const look = async (payer: Payer) => [
      await payer.chargedOn(id),
      await payer.sequenceOf(id),
      await payer.channelsWith(offer.provider),
    ]
    const before = await look(this.#payer)
    this.#payer = payerOn(paying, followed)
    assert.deepEqual(await look(this.#payer), before)
    await this.#afterFailure('payer')
  }

  async #restartReceiver(): Promise<void> {
    const { followed, id, paid } = this.#met
    await this.#namedOnAnyDisk()
    const before = await this.#receiver.state(id)
    await this.#afterFailure('receiver')
    this.#receiver = receiverOn(paid, followed, MOST_NAMED)
    await this.#namedOnAnyDisk()
    assert.deepEqual(await this.#receiver.state(id), before)
  }

  async #check(): Promise<void> {
    const { followed, id, paid, paying } = this.#met
    const balance = followed.channel(id)?.balance ?? 0n
    const [ours, kept] = [await rowIn(paying, id), await rowIn(paid, id)]
    assert.ok(kept || this.#made.length + this.#running.length === 0, 'work on a channel that is not kept')
    const theirs = kept ?? { ceiling: 0n, charged: 0n, sequence: 0 }
    for (const other of this.#others) assert.equal(await rowIn(paid, other), undefined, 'a stranger’s channel is kept')
    await this.#namedOnAnyDisk()
    const state = await this.#receiver.state(id)
    assert.deepEqual([state.ceiling, state.charged, state.sequence], [theirs.ceiling, theirs.charged, theirs.sequence])
    assert.ok(theirs.charged <= theirs.ceiling && theirs.ceiling <= ours.ceiling && ours.ceiling <= balance)
    const reservedNow = this.#running.reduce((sum, { reservation }) => sum + reservation.amount, 0n)
    assert.ok(theirs.charged + reservedNow <= theirs.ceiling, 'work without a durable ceiling')
    let charged = 0n
    for (const [i, receipt] of this.#made.entries()) {
      charged += BigInt(receipt.charge)
      assert.deepEqual([receipt.sequence, receipt.charged], [`${i + 1}`, `${charged}`])
    }
    assert.equal(theirs.charged, charged)
    const missing = this.#onTheWay.reduce((sum, { receipt }) => sum + BigInt(receipt.charge), 0n)
    assert.equal((await this.#payer.chargedOn(id)) + missing, charged)
  }

  async end(): Promise<void> {
    await this.#afterFailure('payer')
    while (this.#onTheWay.length > 0) await this.#arrive(0)
    await this.#check()
    const { id, paid, paying } = this.#met
    const [ours, theirs] = [await rowIn(paying, id), await rowIn(paid, id)]
    assert.deepEqual([ours.charged, ours.sequence], [theirs?.charged ?? 0n, theirs?.sequence ?? 0])
    const receipts = await paying.read('receipts', { where: { channel: id }, order: { by: 'sequence' } })
    assert.deepEqual(
      receipts.map(({ sequence }) => sequence),
      this.#made.map((_, i) => i + 1),
    )
  }
}
