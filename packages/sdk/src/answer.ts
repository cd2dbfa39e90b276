import { put } from '@heddle/ledger'
import {
  type Answer,
  addUsage,
  askedAt,
  canonical,
  checkAgreement,
  checkSeen,
  checkTimes,
  concat,
  digestOf,
  errorFromJson,
  HeddleError,
  isHeddleError,
  type Message,
  modelOf,
  type Offer,
  parseAmount,
  priceOf,
  type Settlement,
  settlementOf,
  type Usage,
  unitsOf,
  usageFromJson,
  usageToJson,
  verifyPackedReceipt,
  type Workload,
} from '@heddle/protocol'
import { leave } from './leave.ts'
import type { Listening } from './listening.ts'
import { type MessageStream, messageJson } from './message-stream.ts'
import { isDistrusted, orRefuse } from './refuse.ts'
import { doneRow, ended, jobRow, lose, type Running } from './running.ts'

/**
 * The answer whose first messages are here. Whoever stops reading it, or leaves before it has begun to, has its job ended:
 * what was delivered is paid for.
 */
export function answerOf(
  running: Running,
  first: readonly Message[],
  stream: MessageStream,
  listening: Listening,
  signal: AbortSignal,
): Answer {
  const { promise: done, resolve: settled, reject: failed } = Promise.withResolvers<Settlement>()
  done.catch(() => undefined)
  let begun = false
  const unread = (): void => {
    if (begun) return
    begun = true
    failed(new HeddleError('aborted'))
    over()
    void leave(running, stream, first)
  }
  function over(): void {
    signal.removeEventListener('abort', unread)
    listening.stop()
  }
  signal.addEventListener('abort', unread, { once: true })

  async function* deltas(): AsyncGenerator<Uint8Array> {
    if (begun) throw new HeddleError('aborted')
    begun = true
    let complete = false
    let gone = false
    let rest: readonly Message[] = first
    try {
      for (let messages: readonly Message[] | undefined = first; messages; messages = await listening.next()) {
        for (const [i, message] of messages.entries()) {
          rest = messages.slice(i + 1)
          if (message.kind === 'output') {
            running.take(message.payload)
            yield message.payload
          } else if (message.kind === 'raise') {
            await raise(running, message)
          } else if (message.kind === 'error') {
            throw errorFromJson(messageJson(message), 'interrupted')
          } else if (message.kind === 'receipt') {
            const settlement = await settle(running, message.payload)
            complete = true
            if (settlement.finish === 'interrupted')
              throw new HeddleError('interrupted', `receipt ${settlement.receipt}`)
            settled(settlement)
            return
          }
        }
      }
      gone = true
      throw new HeddleError('interrupted', 'the provider went away')
    } catch (error) {
      gone ||= isHeddleError(error, 'provider_unreachable')
      if (isDistrusted(error)) {
        gone = true
        await running.asking.payer.distrust(running.signed.job.channel, error.message)
      }
      failed(error)
      throw error
    } finally {
      over()
      clearTimeout(running.noting)
      if (!complete) failed(new HeddleError('aborted'))
      if (complete || gone) {
        stream.cancel()
        ended(running)
        if (!complete) lose(running)
      } else void leave(running, stream, rest)
    }
  }
  return { id: running.id, model: modelOf(running.choice.offer), deltas: deltas(), done }
}

/** Answers a provider's call for a higher ceiling, unless it claims more than it can have delivered. */
export async function raise(running: Running, message: Message): Promise<void> {
  const { asking, workload, spec, choice, signed, id } = running
  const { offer } = choice
  const asked = messageJson(message)
  const used = usageFromJson(asked['used'] as Record<string, string>)
  const delivered = priceOf(offer, used)
  checkPlausible(workload, spec, offer, used, running.length)
  const next = priceOf(offer, addUsage(used, workload.bound(spec, offer, used))) - delivered
  if (delivered + next > BigInt(signed.job.limit)) throw new HeddleError('cap_reached', 'above the limit of the job')
  const enough = await asking.payer.take(signed.job.channel, id, { delivered, next }, offer)
  // Others on the channel may have used more of the ceiling than is known here: then only a higher one helps.
  const required = parseAmount(String(asked['ceiling']))
  const voucher =
    BigInt(enough.ceiling) < required ? await asking.payer.higher(signed.job.channel, required - 1n, offer) : enough
  // A higher one, of another job on the channel, may have come before it.
  await choice.standing.client.raise(voucher).catch(error => {
    if (!isHeddleError(error, 'voucher_decreasing')) throw error
  })
}

/** A provider that counts more than can stand behind what it delivered is not paid on. */
export function checkPlausible(
  workload: Workload<unknown>,
  spec: unknown,
  offer: Offer,
  used: Usage,
  bytes: number,
): void {
  if (unitsOf(workload).some(unit => used[unit] === undefined) || !workload.plausible(spec, offer, used, bytes)) {
    throw new HeddleError('receipt_mismatch', `counted ${canonical(usageToJson(used))} behind ${bytes} bytes`)
  }
}

/** Holds a receipt against what was asked and delivered, and records it. Throws what is wrong with it. */
export async function settle(running: Running, packed: Uint8Array): Promise<Settlement> {
  const { asking, choice, signed, purse, hold } = running
  const receipt = verifyPackedReceipt(packed, choice.standing.pinned ?? choice.offer.provider)
  const output = running.output.length === 1 ? running.output[0]! : concat(...running.output)
  const { usage, outputBytes } = receipt.receipt
  const check = (): void => {
    checkAgreement(receipt.receipt, {
      job: signed.job,
      offer: choice.offer,
      output: bytes => (bytes <= output.length ? digestOf(output.subarray(0, bytes)) : undefined),
    })
    checkPlausible(running.workload, running.spec, choice.offer, usageFromJson(usage), Number(outputBytes))
    const { job } = signed
    checkSeen(receipt.receipt, asking.payer.claimKnownAt(job.channel, askedAt(job)))
  }
  await orRefuse(asking.payer, signed.job.channel, receipt, check, () => [put('jobs', jobRow(running))])
  checkTimes(receipt.receipt, signed.job, asking.clock.now())
  const charge = BigInt(receipt.receipt.charge)
  // A note that came after the receipt would say that the job still runs.
  clearTimeout(running.noting)
  const isNew = await asking.payer.record(receipt, purse.id, () => [
    put('jobs', doneRow(jobRow(running), receipt, output)),
    ...hold.spend(charge),
  ])
  if (!isNew) hold.release()
  return settlementOf(receipt)
}
