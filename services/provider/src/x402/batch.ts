import { readAuthorizationUsed } from '@heddle/chain'
import type { ChannelState, Reservation } from '@heddle/payments'
import type { Corrective, Payment, SettleResponse } from '@heddle/payments/x402'
import {
  type Answer,
  channelId,
  checkChannelOf,
  depositNonce,
  domainOf,
  type Hex,
  jobId,
  modelOf,
  priceOf,
  recoverVoucher,
  settlementOf,
} from '@heddle/protocol'
import { findStored } from '../job/admit.ts'
import { submitDeposit } from '../money/channels.ts'
import { answerAgain, endedOf, jobOf, takePlace } from './answer.ts'
import { startFlow } from './flow.ts'
import { markOf, type PaidJob, run } from './run.ts'
import type { Sale, Shop, Tools } from './sale.ts'
import { refusal, type Till } from './till.ts'

export type BatchPayment = Extract<Payment, { scheme: 'batch-settlement' }>
type Paid = { shop: Shop; tools: Tools; sale: Sale; payment: BatchPayment; till: Till; past: boolean }

const UNKNOWN: ChannelState = { ceiling: 0n, charged: 0n, sequence: 0, balance: 0n, claimed: 0n }

/**
 * Answers a question under a voucher of x402's `batch-settlement`: one request at a time on a channel, and the voucher's
 * ceiling is what was charged so far and the most that this one can cost. What was not used stays with the payer.
 */
export async function askByVoucher(paid: Paid): Promise<Answer> {
  const { shop, tools, sale, payment, till, past } = paid
  const { parts } = shop
  const id = payment.voucher.channel
  checkVoucher(paid)
  const signed = jobOf(sale, id, tools.voucherNonce(payment.voucher), payment.voucher.signature)
  const job = jobId(signed.job)
  const leave = await shop.turns.take(id, till.signal)
  try {
    if (await parts.receiver.rail(id)) await parts.receiver.register(id, payment.channel, sale.offer, 'x402')
    const stored = await findStored(parts, job)
    const before = await stateOf(shop, id)
    if (stored && stored.receipt.receipt.finish !== 'interrupted') {
      await till.respond(responseOf(paid, before, BigInt(stored.receipt.receipt.charge)), stored.receipt)
      leave()
      return answerAgain(stored, sale.offer)
    }
    if (BigInt(payment.voucher.ceiling) !== before.charged + sale.amount) {
      const state = await heldOf(shop, id, before)
      throw refusal(tools.reasons.mismatch, `charged is ${before.charged}, this request may cost ${sale.amount}`, state)
    }
    if (past) throw refusal(tools.reasons.terms, 'the offer that was accepted is over')
    await takePlace(parts, signed, sale, { ...till, asker: id })
    try {
      const reservation = await hold(paid, before)
      const work: PaidJob = { ...sale, signed, started: parts.clock.now() }
      return start(paid, work, reservation, leave)
    } catch (error) {
      parts.running.leave(job)
      throw error
    }
  } catch (error) {
    leave()
    throw error
  }
}

/** A voucher is for this channel, this offer, this chain, and signed by who pays. */
function checkVoucher({ tools, sale, payment }: Paid): void {
  const { channel, voucher } = payment
  const domain = domainOf(sale.offer)
  if (channelId(domain, channel) !== voucher.channel) {
    throw refusal(tools.reasons.channelId, 'the id is not the one of this config, chain and contract')
  }
  try {
    checkChannelOf(sale.offer, channel)
  } catch (error) {
    throw refusal(tools.reasons.channelTerms, (error as Error).message)
  }
  if (recoverVoucher(domain, voucher) !== channel.payerAuthorizer) {
    throw refusal(
      tools.reasons.voucherSignature,
      'not signed by the payer of this channel, for this chain and contract',
    )
  }
}

/** Has the deposit made, the voucher on disk and the whole request reserved, in this order. */
async function hold(paid: Paid, before: ChannelState): Promise<Reservation> {
  const { shop, tools, sale, payment, till } = paid
  const { receiver } = shop.parts
  const { voucher, channel, deposit } = payment
  await receiver.register(voucher.channel, channel, sale.offer, 'x402')
  if (deposit) {
    const transaction = await depositOnce(paid)
    await till.respond(
      responseOf(paid, { ...(await stateOf(shop, voucher.channel)), charged: before.charged }, 0n, transaction),
    )
  } else if (before.balance === 0n) await shop.desk.look()
  // Kept, now that it is seen to hold a deposit.
  await receiver.register(voucher.channel, channel, sale.offer, 'x402')
  // A lower ceiling than one that is held is good too: x402 counts from what was charged.
  if (BigInt(voucher.ceiling) > before.ceiling) await receiver.admit(voucher, sale.offer, 'x402')
  const held = await receiver.reserve(voucher.channel, sale.amount, 'x402')
  if ('required' in held) throw refusal(tools.reasons.aboveBalance, `a ceiling of ${held.required} is needed`)
  return held.reservation
}

/** Submits the deposit; one that was made already (the answer to it was lost) is not made again. */
async function depositOnce({ shop, tools, sale, payment }: Paid): Promise<string> {
  const { channel, voucher, deposit } = payment
  const id = voucher.channel
  const nonce = depositNonce(id, deposit!.salt)
  await shop.desk.look()
  const held = shop.desk.followed.channel(id)?.balance ?? 0n
  if (
    held >= BigInt(voucher.ceiling) &&
    (await readAuthorizationUsed(shop.client, channel.token, channel.payer, nonce))
  )
    return ''
  if (held + BigInt(deposit!.amount) < BigInt(voucher.ceiling)) {
    throw refusal(tools.reasons.aboveBalance, 'the deposit does not cover the voucher')
  }
  return submitDeposit(shop.desk, id, channel, deposit!, sale.offer)
}

function start(paid: Paid, job: PaidJob, reservation: Reservation, leave: () => void): Answer {
  const { shop, till } = paid
  const { parts } = shop
  const { offer, signed } = job
  const id = jobId(signed.job)
  const flow = startFlow()
  const work = async () => {
    try {
      if (till.streams) await till.respond(responseOf(paid, await stateOf(shop, reservation.channel), 0n))
      const ran = await run(
        parts,
        job,
        { output: flow.put, drained: () => (till.streams ? flow.drained() : Promise.resolve()) },
        till.streams ? { signal: till.signal, mark: meter => mark(shop, job, meter) } : { signal: NEVER },
      )
      const { meter, finish, reason } = ran
      // Of an answer that is not streamed a part is worth nothing: it is not charged.
      const worthless = finish === 'interrupted' && (!till.streams || meter.delivered().bytes === 0)
      if (worthless) throw reason
      if (reason) parts.log.warn('paid job interrupted', { id, code: reason.code, error: reason.message })
      const ended = endedOf(job, ran, 0n)
      const receipt = await parts.settler.settle(reservation, { ...ended, charge: priceOf(offer, ended.used) })
      const state = await stateOf(shop, reservation.channel)
      await till.respond(responseOf(paid, state, BigInt(receipt.receipt.charge)), receipt)
      flow.end()
      return settlementOf(receipt)
    } catch (error) {
      flow.end(error)
      throw error
    } finally {
      await parts.receiver.release(reservation)
      parts.running.leave(id)
      leave()
    }
  }
  const done = work()
  done.catch(() => undefined)
  return { id, model: modelOf(offer), deltas: flow.output, done }
}

/** What is not streamed is finished and kept, also when its client has gone: asked again, it is answered. */
const NEVER = new AbortController().signal

const mark = ({ parts }: Shop, job: PaidJob, meter: Parameters<typeof markOf>[2]): void => {
  parts.ledger.commit(markOf(parts, job, meter)).catch(error => {
    parts.log.warn('mark not stored', { id: jobId(job.signed.job), error: String(error) })
  })
}

const stateOf = async ({ parts, desk }: Shop, id: Hex): Promise<ChannelState> => {
  if (await parts.receiver.rail(id)) return parts.receiver.state(id)
  return { ...UNKNOWN, ...desk.followed.channel(id) }
}

/** What is held of a channel, for a client that has lost it. */
async function heldOf({ parts }: Shop, id: Hex, state: ChannelState): Promise<Corrective> {
  const voucher = await parts.receiver.voucher(id)
  return {
    channel: id,
    balance: state.balance,
    claimed: state.claimed,
    charged: state.charged,
    ...(voucher ? { voucher } : {}),
  }
}

/** x402's word on how the payment stands. */
const responseOf = (
  { tools, payment, sale }: Paid,
  state: ChannelState,
  charge: bigint,
  transaction = '',
): SettleResponse => ({
  success: true,
  payer: payment.channel.payer,
  transaction,
  network: `eip155:${sale.offer.chainId}`,
  amount: '',
  extra: {
    chargedAmount: charge.toString(),
    channelState: tools.channelState({ channel: payment.voucher.channel, ...state }),
  },
})
