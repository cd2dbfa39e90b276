import { type Ledger, put, type Row } from '@heddle/ledger'
import type { Payer } from '@heddle/payments'
import {
  type Answer,
  addUsage,
  askedAt,
  type Channel,
  type Clock,
  canonical,
  checkAgreement,
  concat,
  type Digest,
  type Domain,
  digestOf,
  domainOf,
  errorFromJson,
  type Frame,
  HeddleError,
  type Hex,
  isHeddleError,
  JOB_LIFETIME,
  type JobRequest,
  jobId,
  type Log,
  type Offer,
  offerDigest,
  priceOf,
  randomBytes,
  type Settlement,
  type SignedJob,
  type SignedReceipt,
  type Signer,
  signJob,
  toHex,
  type Usage,
  usageFromJson,
  usageToJson,
  verifyReceipt,
  WIRE_VERSION,
  type Workload,
} from '@heddle/protocol'
import type { Book, Choice } from './book.ts'
import { frameJson } from './provider-client.ts'
import type { Hold, Purse } from './purse.ts'

export type Asking = {
  ledger: Ledger
  payer: Payer
  book: Book
  authorizer: Signer
  /** Where signatures count. */
  domain: Domain
  /** Kinds of work that this consumer knows. */
  workloads: ReadonlyMap<string, Workload<unknown>>
  clock: Clock
  log: Log
  /** Milliseconds to wait for the first byte of an answer. */
  firstByte: number
  /** A funded channel that pays this offer. */
  channelFor(choice: Choice): Promise<{ id: Hex; channel: Channel }>
  /** Ids of the jobs whose answers stream now. */
  live: Set<Digest>
  /** Told when a job ended without its receipt: it is asked for later; until then what it holds stays held. */
  lost(choice: Choice, channel: Hex, settled: () => void): void
}

type Running = {
  asking: Asking
  workload: Workload<unknown>
  spec: unknown
  choice: Choice
  signed: SignedJob
  id: Digest
  hold: Hold
  purse: Purse
  output: Uint8Array[]
}

/**
 * Asks one provider. Resolves with the first byte; until then a failure costs nothing and another provider can be
 * asked. From then on the answer streams, the ceiling is raised as it goes, and the receipt is held against what
 * arrived before `done` resolves.
 */
export async function attempt(
  asking: Asking,
  workload: Workload<unknown>,
  spec: unknown,
  choice: Choice,
  purse: Purse,
  signal: AbortSignal,
): Promise<Answer> {
  const { offer } = choice
  const { id: channel, channel: config } = await asking.channelFor(choice)
  const zero = Object.fromEntries(workload.units.map(unit => [unit, 0n]))
  const first = priceOf(offer, workload.bound(spec, offer, zero))
  const hold = purse.hold(choice.cost, first)
  const now = asking.clock.now()
  const job: JobRequest = {
    version: WIRE_VERSION,
    channel,
    offer: offerDigest(offer),
    workload: workload.kind,
    spec: spec as Record<string, unknown>,
    nonce: toHex(randomBytes(32)),
    limit: hold.amount.toString(),
    expires: Math.floor(now / 1000) + JOB_LIFETIME,
  }
  const signed = signJob(domainOf(offer), job, asking.authorizer)
  const id = jobId(job)
  const running: Running = {
    asking,
    workload,
    spec,
    choice,
    signed,
    id,
    hold,
    purse,
    output: [],
  }
  const ended = new AbortController()
  const timer = setTimeout(() => ended.abort(new HeddleError('engine_slow')), asking.firstByte)
  const either = AbortSignal.any([signal, ended.signal])
  choice.standing.running += 1
  asking.live.add(id)
  try {
    const voucher = await asking.payer.take(channel, id, { delivered: 0n, next: first }, offer)
    asking.ledger
      .commit(put('jobs', jobRow(running)))
      .catch(error => asking.log.warn('job not noted', { id, error: String(error) }))
    const batches = choice.standing.client.job({ ...signed, channel: config, voucher }, either)
    const frames = await untilFirst(running, batches)
    clearTimeout(timer)
    asking.book.measured(choice.standing, asking.clock.now() - now)
    return stream(running, frames, batches)
  } catch (error) {
    clearTimeout(timer)
    choice.standing.running -= 1
    asking.live.delete(id)
    const slow = ended.signal.aborted
    if (slow || (error as HeddleError).code === 'aborted' || (error as HeddleError).code === 'provider_unreachable') {
      asking.lost(choice, channel, hold.release)
    } else {
      hold.release()
      await asking.payer.release(channel, id)
    }
    throw slow ? new HeddleError('engine_slow', `no first byte in ${asking.firstByte} ms`) : error
  }
}

/** Reads up to the first output or receipt; what comes before is dealt with. Throws what the provider says. */
async function untilFirst(running: Running, batches: AsyncGenerator<readonly Frame[]>): Promise<readonly Frame[]> {
  for (;;) {
    const { value: frames, done } = await batches.next()
    if (done) throw new HeddleError('provider_unreachable', 'the answer ended before it began')
    const first = frames[0]
    if (!first) continue
    if (first.kind === 'error') throw errorFromJson(frameJson(first), 'provider_unreachable')
    if (first.kind !== 'raise') return frames
    await raise(running, first)
    if (frames.length > 1) return frames.slice(1)
  }
}

function stream(running: Running, first: readonly Frame[], batches: AsyncGenerator<readonly Frame[]>): Answer {
  let settled: (settlement: Settlement) => void
  let failed: (error: unknown) => void
  const done = new Promise<Settlement>((resolve, reject) => {
    settled = resolve
    failed = reject
  })
  done.catch(() => undefined)
  async function* deltas(): AsyncGenerator<Uint8Array> {
    let complete = false
    try {
      for (let frames: readonly Frame[] | undefined = first; frames; ) {
        for (const frame of frames) {
          if (frame.kind === 'output') {
            running.output.push(frame.payload)
            yield frame.payload
          } else if (frame.kind === 'raise') {
            await raise(running, frame)
          } else if (frame.kind === 'error') {
            throw errorFromJson(frameJson(frame), 'interrupted')
          } else {
            const settlement = await settle(running, frameJson(frame))
            complete = true
            if (settlement.finish === 'interrupted')
              throw new HeddleError('interrupted', `receipt ${settlement.receipt}`)
            settled(settlement)
            return
          }
        }
        const next: IteratorResult<readonly Frame[]> = await batches.next()
        frames = next.done ? undefined : next.value
      }
      throw new HeddleError('interrupted', 'the provider went away')
    } catch (error) {
      if (isHeddleError(error, 'receipt_mismatch') || isHeddleError(error, 'receipt_signer')) {
        await running.asking.payer.distrust(running.signed.job.channel, error.message)
      }
      failed(error)
      throw error
    } finally {
      running.choice.standing.running -= 1
      running.asking.live.delete(running.id)
      if (!complete) {
        await batches.return(undefined).catch(() => undefined)
        running.asking.lost(running.choice, running.signed.job.channel, running.hold.release)
      }
    }
  }
  return { id: running.id, deltas: deltas(), done }
}

/** Answers a provider's call for a higher ceiling, unless it claims more than it can have delivered. */
async function raise(running: Running, frame: Frame): Promise<void> {
  const { asking, workload, spec, choice, signed, id } = running
  const { offer } = choice
  const used = usageFromJson(frameJson(frame)['used'] as Record<string, string>)
  const delivered = priceOf(offer, used)
  checkPlausible(workload, spec, offer, used, bytesOf(running.output))
  const next = priceOf(offer, addUsage(used, workload.bound(spec, offer, used))) - delivered
  if (delivered + next > BigInt(signed.job.limit)) throw new HeddleError('cap_reached', 'above the limit of the job')
  const voucher = await asking.payer.take(signed.job.channel, id, { delivered, next }, offer)
  await choice.standing.client.raise(voucher)
}

/** A provider that counts more than can stand behind what it delivered is not paid on. */
export function checkPlausible(
  workload: Workload<unknown>,
  spec: unknown,
  offer: Offer,
  used: Usage,
  bytes: number,
): void {
  const most = workload.plausible(spec, offer, bytes)
  for (const unit of workload.units) {
    const claimed = used[unit] ?? 0n
    if (claimed > (most[unit] ?? 0n)) {
      throw new HeddleError('receipt_mismatch', `counted ${claimed} ${unit} behind ${bytes} bytes`)
    }
  }
}

const bytesOf = (pieces: readonly Uint8Array[]): number => pieces.reduce((sum, piece) => sum + piece.length, 0)

async function settle(running: Running, json: unknown): Promise<Settlement> {
  const { asking, choice, signed, id, purse, hold } = running
  const receipt = verifyReceipt(json, choice.standing.pinned ?? choice.offer.provider)
  const output = concat(...running.output)
  checkAgreement(receipt.receipt, {
    job: signed.job,
    offer: choice.offer,
    output: bytes => (bytes <= output.length ? digestOf(output.subarray(0, bytes)) : undefined),
  })
  const { usage, outputBytes } = receipt.receipt
  checkPlausible(running.workload, running.spec, choice.offer, usageFromJson(usage), Number(outputBytes))
  const charge = BigInt(receipt.receipt.charge)
  await asking.payer.record(receipt, purse.id, () => [
    put('jobs', doneRow(jobRow(running), receipt, output)),
    ...hold.spend(charge),
  ])
  return settlementOf(receipt, id)
}

export const settlementOf = ({ receipt }: SignedReceipt, id: Digest): Settlement => ({
  finish: receipt.finish,
  used: usageFromJson(receipt.usage),
  charge: BigInt(receipt.charge),
  receipt: id,
  provider: receipt.provider,
})

/** A job's row once its receipt is here. */
export const doneRow = (row: Row<'jobs'>, { receipt }: SignedReceipt, output: Uint8Array): Row<'jobs'> => ({
  ...row,
  state: 'done',
  used: canonical(receipt.usage),
  output,
  updated: receipt.finished,
})

function jobRow({ id, signed, purse, choice, workload }: Running): Row<'jobs'> {
  const zero = Object.fromEntries(workload.units.map(unit => [unit, 0n]))
  return {
    id,
    channel: signed.job.channel,
    apiKey: purse.id,
    state: 'running',
    request: canonical(signed),
    offer: canonical(choice.offer),
    used: canonical(usageToJson(zero)),
    output: new Uint8Array(0),
    started: askedAt(signed.job),
    updated: askedAt(signed.job),
  }
}
