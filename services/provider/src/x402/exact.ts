import { put, type Row, readOne } from '@heddle/ledger'
import type { Payment, SettleResponse, Terms } from '@heddle/payments/x402'
import {
  type Answer,
  canonical,
  type Finish,
  HeddleError,
  type Hex,
  jobId,
  modelOf,
  nothingUsed,
  type SignedReceipt,
  settlementOf,
} from '@heddle/protocol'
import { findStored } from '../job/admit.ts'
import type { Meter } from '../job/meter.ts'
import { jobRow } from '../job/receipt.ts'
import { answerAgain, endedOf, jobOf, takePlace, usedOf } from './answer.ts'
import { conclude, settlerOf } from './conclude.ts'
import { startFlow } from './flow.ts'
import { type PaidJob, type Ran, run } from './run.ts'
import type { Sale, Shop, Tools } from './sale.ts'
import { refusal, type Till } from './till.ts'

export type ExactPayment = Extract<Payment, { scheme: 'exact' }>
type Paid = {
  shop: Shop
  tools: Tools
  sale: Sale
  payment: ExactPayment
  terms: Terms['exact']
  till: Till
  past: boolean
}

/** What an authorization must have left when the work is done, in seconds: time to be mined. */
const SLACK = 15

/**
 * Answers a question that is paid for once, in full (x402's `exact`). The work is done first and the transfer is sent
 * before anything of the answer is: before the last byte, or for a stream, whose first byte is as good, before the
 * first. What fails before then costs the payer nothing; a stream that breaks later has been paid, and its receipt says
 * that it was interrupted.
 */
export async function askByTransfer(paid: Paid): Promise<Answer> {
  const { shop, tools, sale, payment, terms, till, past } = paid
  const { parts } = shop
  const { authorization, signature } = payment
  const channel = tools.transferChannel(sale.offer.chainId, sale.offer.asset, authorization)
  if (tools.recoverTransfer(await shop.desk.tokenDomain(), authorization, signature) !== authorization.from) {
    throw refusal(tools.reasons.exactSignature, 'not signed by the key of its payer')
  }
  const signed = jobOf(sale, channel, tools.transferNonce(authorization, signature), signature)
  const id = jobId(signed.job)
  const leave = await shop.turns.take(channel, till.signal)
  try {
    await concludeEarlier(shop, channel)
    const stored = await findStored(parts, id)
    if (stored) {
      await till.respond(responseOf(paid, ''), stored.receipt)
      leave()
      return answerAgain(stored, sale.offer)
    }
    if (await readOne(parts.ledger, 'receipts', { channel })) {
      throw refusal(tools.reasons.exactUsed, 'this authorization has paid for something else')
    }
    if (past) throw refusal(tools.reasons.terms, 'the offer that was accepted is over')
    const verified = await tools.facilitator.verify(payment.payload, terms)
    if (!verified.isValid) throw refusal(verified.invalidReason ?? tools.reasons.payload, 'the payment is not good')
    const left = (): number => Number(authorization.validBefore) - shop.parts.clock.now() / 1000 - SLACK
    if (left() <= 0) throw refusal(tools.reasons.exactExpired, `expires within ${SLACK} s`)
    await takePlace(parts, signed, sale, { ...till, asker: authorization.from })
    const job: PaidJob = { ...sale, signed, started: parts.clock.now() }
    // A wait may have used it up: what runs then is ended at once, and nothing is transferred.
    return start(paid, job, AbortSignal.timeout(Math.max(0, Math.floor(left() * 1_000))), leave)
  } catch (error) {
    leave()
    throw error
  }
}

/** A transfer of an earlier request may still be under way: what became of it is found out first. */
async function concludeEarlier(shop: Shop, channel: Hex): Promise<void> {
  if (!(await readOne(shop.parts.ledger, 'x402', { channel }))) return
  const row = await readOne(shop.parts.ledger, 'jobs', { channel, state: 'paying' })
  if (row && (await conclude(shop, row)) === 'pending') {
    throw new HeddleError('job_running', 'its transfer is not in a block yet')
  }
}

function start(asked: Paid, job: PaidJob, deadline: AbortSignal, leave: () => void): Answer {
  const { shop, payment, till } = asked
  const { parts } = shop
  const id = jobId(job.signed.job)
  const flow = startFlow()
  const failed = new AbortController()
  const signal = AbortSignal.any([deadline, failed.signal, ...(till.streams ? [till.signal] : [])])
  let paying: Promise<string> | undefined
  let paid = false
  const opened = Promise.withResolvers<void>()
  /** What was delivered of a stream that is paid: after a crash its receipt says that much. */
  const mark = (meter: Meter): void => {
    markPaying(parts, job, { meter, finish: 'interrupted' }, payment).catch(error => {
      parts.log.warn('mark not stored', { id, error: String(error) })
    })
  }
  /** A stream is paid before it is finished; everything is paid once. */
  const payFor = (ran?: Ran): Promise<string> => {
    paying ??= pay(asked, job, ran)
    return paying
  }
  const work = async () => {
    try {
      const ran = await run(
        parts,
        job,
        {
          output(bytes) {
            flow.put(bytes)
            if (!till.streams || paying) return
            payFor().then(
              () => {
                paid = true
                opened.resolve()
              },
              error => {
                failed.abort()
                opened.reject(error)
                flow.end(error)
              },
            )
          },
          drained: () => (till.streams ? flow.drained() : Promise.resolve()),
        },
        { signal, mark: meter => paid && mark(meter) },
      )
      const { finish, reason } = ran
      if (finish === 'interrupted' && !paying) throw reason
      const transaction = await payFor(ran)
      const receipt = await finishPaid(shop, job, ran, asked)
      await till.respond(responseOf(asked, transaction), receipt)
      opened.resolve()
      flow.end()
      return settlementOf(receipt)
    } catch (error) {
      opened.reject(error)
      flow.end(error)
      throw error
    } finally {
      parts.running.leave(id)
      leave()
    }
  }
  const done = work()
  done.catch(() => undefined)
  opened.promise.catch(() => undefined)
  const deltas = async function* () {
    await opened.promise
    yield* flow.output
  }
  return { id, model: modelOf(job.offer), deltas: deltas(), done }
}

const finishPaid = (shop: Shop, job: PaidJob, ran: Ran, { payment }: Paid): Promise<SignedReceipt> =>
  settlerOf(shop, payment.authorization, ran.finish).settle(
    { channel: job.signed.job.channel, amount: job.amount, account: undefined },
    endedOf(job, ran, job.amount),
  )

/**
 * Has the transfer made. That it is about to be is on disk before it is sent, with what was made so far, so that after a
 * crash what was paid for is found and kept. Gives the transaction's hash.
 */
async function pay({ shop, tools, payment, terms, till }: Paid, job: PaidJob, ran: Ran | undefined): Promise<string> {
  const { channel } = job.signed.job
  await markPaying(shop.parts, job, ran, payment)
  shop.paying.add(jobId(job.signed.job))
  const settled = await tools.facilitator.settle(payment.payload, terms, channel)
  await till.respond(settled)
  if (!settled.success) throw refusal(settled.errorReason ?? 'settlement_failed', 'the transfer was not made')
  return settled.transaction
}

function markPaying(
  { ledger, clock }: Shop['parts'],
  job: PaidJob,
  ran: Ran | undefined,
  payment: ExactPayment,
): Promise<void> {
  const finish: Finish = ran?.finish ?? 'interrupted'
  const row = jobRow({
    id: jobId(job.signed.job),
    signed: job.signed,
    offer: job.offer,
    used: ran ? usedOf(ran) : nothingUsed(job.trade.workload),
    output: ran ? ran.meter.output() : new Uint8Array(0),
    started: job.started,
    state: 'running',
    now: clock.now(),
  })
  const mark: Row<'x402'> = {
    channel: job.signed.job.channel,
    scheme: 'exact',
    authorization: canonical(payment.authorization),
    finish,
  }
  return ledger.commit(put('jobs', { ...row, state: 'paying' }), put('x402', mark))
}

/** x402's word on a payment that was made. */
const responseOf = ({ sale, payment }: Paid, transaction: string): SettleResponse => ({
  success: true,
  payer: payment.authorization.from,
  transaction,
  network: `eip155:${sale.offer.chainId}`,
  amount: payment.authorization.value,
})
