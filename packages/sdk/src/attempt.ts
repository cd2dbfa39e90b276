import { readOne } from '@heddle/ledger'
import {
  type Answer,
  type Channel,
  type Digest,
  errorFromJson,
  type Frame,
  HeddleError,
  isHeddleError,
  JOB_LIFETIME,
  jobId,
  offerDigest,
  priceOf,
  randomBytes,
  toHex,
  type Voucher,
  WIRE_VERSION,
  type Workload,
} from '@heddle/protocol'
import { answerOf, raise } from './answer.ts'
import type { Choice } from './book.ts'
import { type FrameStream, frameJson } from './frame-stream.ts'
import type { Purse } from './purse.ts'
import { type Asking, lose, nothingUsed, type Running, startRunning } from './running.ts'

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
  nonce?: Digest,
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
    nonce: nonce ?? toHex(randomBytes(32)),
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
  if (nonce && !(await isNew(asking, id))) {
    hold.release()
    throw new HeddleError('bad_request', 'heddle-nonce was sent with this question a moment ago')
  }
  const running = startRunning({ asking, workload, spec, choice, signed, id, hold, purse, output: [], length: 0 })
  const ended = new AbortController()
  const leave = (): void => ended.abort(signal.reason)
  if (signal.aborted) leave()
  else signal.addEventListener('abort', leave, { once: true })
  let slow = false
  let timer: NodeJS.Timeout | undefined
  choice.standing.running += 1
  asking.live.add(id)
  let stream: FrameStream | undefined
  try {
    const voucher = await asking.payer.take(channel, id, { delivered: 0n, next: first }, offer)
    // Waiting for room is the payer's own time; the provider's begins with each post.
    const begun = await begin(running, config, voucher, ended.signal, {
      posted(opened) {
        stream = opened
        timer = setTimeout(() => {
          slow = true
          ended.abort()
        }, asking.firstByte)
      },
      refused: () => clearTimeout(timer),
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
      if (isHeddleError(error, 'channel_overclaimed')) await asking.payer.abandon(channel)
    }
    throw slow ? new HeddleError('engine_slow', `no first byte in ${asking.firstByte} ms`) : error
  }
}

/** The same question with the same nonce, in the same second, is the same job: it was answered, or is being answered. */
async function isNew({ live, ledger }: Asking, id: Digest): Promise<boolean> {
  if (live.has(id)) return false
  // Taken before it is looked up: of two that come at once, one is new.
  live.add(id)
  if ((await readOne(ledger, 'jobs', { id })) === undefined) return true
  live.delete(id)
  return false
}

/** What a provider says when the voucher that lies with it is gone, has no room for this job, or is higher already. */
const WITHOUT_ROOM: ReadonlySet<string> = new Set(['voucher_required', 'voucher_decreasing', 'channel_unknown'])
/** Vouchers that are tried for one job. */
const MOST_TRIES = 8

/**
 * Posts the job until it has begun: first under the voucher that lies there, then with the voucher itself, then under
 * higher ones, for jobs that run on the channel may have used its room meanwhile. Gives the first frames.
 */
async function begin(
  running: Running,
  channel: Channel,
  first: Voucher,
  signal: AbortSignal,
  on: { posted(stream: FrameStream): void; refused(): void },
): Promise<readonly Frame[]> {
  const { asking, choice, signed } = running
  const { client } = choice.standing
  let voucher = first
  for (let tries = 1; ; tries++) {
    const { frames, short } = client.job({ signed, channel, voucher }, signal)
    on.posted(frames)
    try {
      const begun = await untilFirst(running, frames)
      if (!short) client.lies(voucher.channel, voucher)
      return begun
    } catch (error) {
      on.refused()
      if (tries === MOST_TRIES || !isHeddleError(error) || !WITHOUT_ROOM.has(error.code)) throw error
      client.lies(voucher.channel)
      if (short) continue
      if (error.code === 'channel_unknown') throw error
      // What it says it needs is only waited for: no ceiling passes the exposure.
      const { ceiling } = error.toJSON()
      const above = ceiling ? BigInt(ceiling) - 1n : 0n
      const known = BigInt(voucher.ceiling)
      voucher = await asking.payer.higher(voucher.channel, above > known ? above : known, choice.offer)
    }
  }
}

/** Reads up to the first output or receipt; what comes before is dealt with. Throws what the provider says. */
async function untilFirst(running: Running, stream: FrameStream): Promise<readonly Frame[]> {
  for (;;) {
    const frames = await stream.next()
    const first = frames?.[0]
    if (!frames || !first) throw new HeddleError('provider_unreachable', 'the answer ended before it began')
    if (first.kind === 'error') throw errorFromJson(frameJson(first), 'provider_unreachable')
    if (first.kind !== 'raise' && first.kind !== 'alive') return frames
    if (first.kind === 'raise') await raise(running, first)
    if (frames.length > 1) return frames.slice(1)
  }
}
