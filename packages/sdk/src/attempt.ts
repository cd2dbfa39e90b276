import { type Ledger, put, type Row } from '@heddle/ledger'
import type { Payer } from '@heddle/payments'
import {
  type Answer,
  addUsage,
  askedAt,
  type Channel,
  type Clock,
  canonical,
  canonicalOnce,
  checkAgreement,
  concat,
  type Digest,
  type Domain,
  digestOf,
  errorFromJson,
  type Frame,
  HeddleError,
  type Hex,
  isHeddleError,
  JOB_LIFETIME,
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
  signedJobText,
  toHex,
  type Usage,
  usageFromJson,
  usageToJson,
  type Voucher,
  verifyReceipt,
  WIRE_VERSION,
  type Workload,
} from '@heddle/protocol'
import { type Book, type Choice, modelOf } from './book.ts'
import { type FrameStream, frameJson } from './frame-stream.ts'
import type { JobSigner } from './job-signer.ts'
import type { Hold, Purse } from './purse.ts'

export type Asking = {
  ledger: Ledger
  payer: Payer
  book: Book
  authorizer: Signer
  signer: JobSigner
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
  /** Bytes of it. */
  length: number
  /** Writes down that the job runs; once. */
  note(): Promise<void>
  noting: NodeJS.Timeout
}

/** Milliseconds after which a job that still runs is written down: most are done by then, and their receipt says all. */
const NOTE_AFTER = 50

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
  const first = priceOf(offer, workload.bound(spec, offer, nothingUsed(workload)))
  const hold = purse.hold(choice.cost, first)
  const now = asking.clock.now()
  const asked = asking.signer.sign({
    channel,
    expires: Math.floor(now / 1000) + JOB_LIFETIME,
    limit: hold.amount.toString(),
    nonce: toHex(randomBytes(32)),
    offer: offerDigest(offer),
    spec: spec as Record<string, unknown>,
    version: WIRE_VERSION,
    workload: workload.kind,
  })
  const signed = await asked.catch(error => {
    hold.release()
    throw error
  })
  const id = jobId(signed.job)
  const running = startRunning({ asking, workload, spec, choice, signed, id, hold, purse, output: [], length: 0 })
  const ended = new AbortController()
  const leave = (): void => ended.abort(signal.reason)
  if (signal.aborted) leave()
  else signal.addEventListener('abort', leave, { once: true })
  let slow = false
  const timer = setTimeout(() => {
    slow = true
    ended.abort()
  }, asking.firstByte)
  choice.standing.running += 1
  asking.live.add(id)
  let stream: FrameStream | undefined
  try {
    const voucher = await asking.payer.take(channel, id, { delivered: 0n, next: first }, offer)
    const begun = await begin(running, config, voucher, ended.signal, opened => {
      stream = opened
    })
    clearTimeout(timer)
    asking.book.measured(choice.standing, asking.clock.now() - now)
    return answerOf(running, begun, stream!, () => signal.removeEventListener('abort', leave))
  } catch (error) {
    clearTimeout(timer)
    clearTimeout(running.noting)
    signal.removeEventListener('abort', leave)
    stream?.cancel()
    choice.standing.running -= 1
    asking.live.delete(id)
    if (slow || isHeddleError(error, 'aborted') || isHeddleError(error, 'provider_unreachable')) {
      lose(running)
    } else {
      hold.release()
      await asking.payer.release(channel, id)
    }
    throw slow ? new HeddleError('engine_slow', `no first byte in ${asking.firstByte} ms`) : error
  }
}

/** What a provider says when the voucher that lies with it is gone, or has no room for this job. */
const WITHOUT_ROOM: ReadonlySet<string> = new Set(['voucher_required', 'channel_unknown'])
/** Vouchers that are tried for one job. */
const MOST_TRIES = 4

/**
 * Posts the job until it has begun: first under the voucher that lies there, then with the voucher itself, then under
 * higher ones, for jobs that run on the channel may have used its room meanwhile. Gives the first frames.
 */
async function begin(
  running: Running,
  channel: Channel,
  first: Voucher,
  signal: AbortSignal,
  onStream: (stream: FrameStream) => void,
): Promise<readonly Frame[]> {
  const { asking, choice, signed } = running
  const { client } = choice.standing
  let voucher = first
  for (let tries = 1; ; tries++) {
    const { frames, short } = client.job({ signed, channel, voucher }, signal)
    onStream(frames)
    try {
      const begun = await untilFirst(running, frames)
      if (!short) client.lies(voucher.channel, voucher)
      return begun
    } catch (error) {
      if (tries === MOST_TRIES || !isHeddleError(error) || !WITHOUT_ROOM.has(error.code)) throw error
      client.lies(voucher.channel)
      if (short) continue
      if (error.code !== 'voucher_required') throw error
      voucher = await asking.payer.higher(voucher.channel, BigInt(voucher.ceiling), choice.offer)
    }
  }
}

const nothingUsed = (workload: Workload<unknown>): Usage => Object.fromEntries(workload.units.map(unit => [unit, 0n]))

function startRunning(parts: Omit<Running, 'note' | 'noting'>): Running {
  const { asking, id } = parts
  let noted: Promise<void> | undefined
  const running: Running = {
    ...parts,
    note() {
      noted ??= asking.ledger
        .commit(put('jobs', jobRow(running)))
        .catch(error => asking.log.warn('job not noted', { id, error: String(error) }))
      return noted
    },
    noting: setTimeout(() => void running.note(), NOTE_AFTER),
  }
  return running
}

/** A job that ended without its receipt is asked for later; whose key it spends is written down before that. */
function lose(running: Running): void {
  const { asking, choice, signed, hold } = running
  clearTimeout(running.noting)
  void running.note().then(() => asking.lost(choice, signed.job.channel, hold.release))
}

/** Reads up to the first output or receipt; what comes before is dealt with. Throws what the provider says. */
async function untilFirst(running: Running, stream: FrameStream): Promise<readonly Frame[]> {
  for (;;) {
    const frames = await stream.next()
    const first = frames?.[0]
    if (!frames || !first) throw new HeddleError('provider_unreachable', 'the answer ended before it began')
    if (first.kind === 'error') throw errorFromJson(frameJson(first), 'provider_unreachable')
    if (first.kind !== 'raise') return frames
    await raise(running, first)
    if (frames.length > 1) return frames.slice(1)
  }
}

function answerOf(running: Running, first: readonly Frame[], stream: FrameStream, over: () => void): Answer {
  const { promise: done, resolve: settled, reject: failed } = Promise.withResolvers<Settlement>()
  done.catch(() => undefined)
  async function* deltas(): AsyncGenerator<Uint8Array> {
    let complete = false
    try {
      for (let frames: readonly Frame[] | undefined = first; frames; frames = await stream.next()) {
        for (const frame of frames) {
          if (frame.kind === 'output') {
            running.output.push(frame.payload)
            running.length += frame.payload.length
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
      }
      throw new HeddleError('interrupted', 'the provider went away')
    } catch (error) {
      if (isHeddleError(error, 'receipt_mismatch') || isHeddleError(error, 'receipt_signer')) {
        await running.asking.payer.distrust(running.signed.job.channel, error.message)
      }
      failed(error)
      throw error
    } finally {
      over()
      clearTimeout(running.noting)
      running.choice.standing.running -= 1
      running.asking.live.delete(running.id)
      if (!complete) {
        stream.cancel()
        lose(running)
      }
    }
  }
  return { id: running.id, model: modelOf(running.choice.offer), deltas: deltas(), done }
}

/** Answers a provider's call for a higher ceiling, unless it claims more than it can have delivered. */
async function raise(running: Running, frame: Frame): Promise<void> {
  const { asking, workload, spec, choice, signed, id } = running
  const { offer } = choice
  const used = usageFromJson(frameJson(frame)['used'] as Record<string, string>)
  const delivered = priceOf(offer, used)
  checkPlausible(workload, spec, offer, used, running.length)
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
  if (workload.units.some(unit => used[unit] === undefined) || !workload.plausible(spec, offer, used, bytes)) {
    throw new HeddleError('receipt_mismatch', `counted ${canonical(usageToJson(used))} behind ${bytes} bytes`)
  }
}

async function settle(running: Running, json: unknown): Promise<Settlement> {
  const { asking, choice, signed, id, purse, hold } = running
  const receipt = verifyReceipt(json, choice.standing.pinned ?? choice.offer.provider)
  const output = running.output.length === 1 ? running.output[0]! : concat(...running.output)
  checkAgreement(receipt.receipt, {
    job: signed.job,
    offer: choice.offer,
    output: bytes => (bytes <= output.length ? digestOf(output.subarray(0, bytes)) : undefined),
  })
  const { usage, outputBytes } = receipt.receipt
  checkPlausible(running.workload, running.spec, choice.offer, usageFromJson(usage), Number(outputBytes))
  const charge = BigInt(receipt.receipt.charge)
  // A note that came after the receipt would say that the job still runs.
  clearTimeout(running.noting)
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
  return {
    id,
    channel: signed.job.channel,
    apiKey: purse.id,
    state: 'running',
    request: signedJobText(signed),
    offer: canonicalOnce(choice.offer),
    used: canonical(usageToJson(nothingUsed(workload))),
    output: new Uint8Array(0),
    started: askedAt(signed.job),
    updated: askedAt(signed.job),
  }
}
