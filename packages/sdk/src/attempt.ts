import { readOne } from '@heddle/ledger'
import {
  type Alive,
  type Answer,
  type Channel,
  type Digest,
  errorFromJson,
  HeddleError,
  isHeddleError,
  JOB_LIFETIME,
  jobId,
  type Message,
  nothingUsed,
  offerDigest,
  priceOf,
  randomBytes,
  ticksOf,
  toHex,
  type Voucher,
  WIRE_VERSION,
  type Workload,
} from '@heddle/protocol'
import { answerOf, raise } from './answer.ts'
import type { Choice } from './book.ts'
import { leave } from './leave.ts'
import { type Listening, listen } from './listening.ts'
import { type MessageStream, messageJson } from './message-stream.ts'
import type { Purse } from './purse.ts'
import { type Asking, ended, letGo, lose, type Place, type Running, startRunning } from './running.ts'

/** One try with one provider. */
export type Try = {
  workload: Workload<unknown>
  spec: unknown
  nonce?: Digest | undefined
  choice: Choice
  purse: Purse
  /** Among the jobs that run there; given back when the job is over, or never was. */
  place: Place
  signal: AbortSignal
  /** Milliseconds that the job may wait for a place there, and for room on the channel. */
  wait: number
  alive: ((sign: Alive) => void) | undefined
}

/**
 * Asks one provider. Resolves with the first byte; until then a failure costs nothing and another provider can be
 * asked. From then on the answer streams, the ceiling is raised as it goes, and the receipt is held against what
 * arrived before `done` resolves.
 */
export async function attempt(asking: Asking, one: Try): Promise<Answer> {
  let running: Running
  try {
    running = await prepare(asking, one)
  } catch (error) {
    one.place.free()
    throw error
  }
  return post(running, one)
}

/** Everything up to the post: a channel, a hold of the purse, a signed job. */
async function prepare(asking: Asking, { workload, spec, nonce, choice, purse, place }: Try): Promise<Running> {
  const { offer } = choice
  const { id: channel, channel: config } = await asking.channelFor(choice)
  const first = priceOf(offer, workload.bound(spec, offer, nothingUsed(workload)))
  const hold = purse.hold(choice.cost, first)
  try {
    const now = asking.clock.now()
    const job = {
      channel,
      expires: Math.floor(now / 1000) + JOB_LIFETIME,
      limit: hold.amount.toString(),
      offer: offerDigest(offer),
      spec: spec as Record<string, unknown>,
      version: WIRE_VERSION,
      workload: workload.kind,
    } as const
    const signed = await asking.signer.sign({
      ...job,
      nonce: nonce ?? purse.nonceFor?.(job) ?? toHex(randomBytes(32)),
    })
    const id = jobId(signed.job)
    if (nonce && !(await isNew(asking, id)))
      throw new HeddleError('bad_request', 'heddle-nonce was sent with this question a moment ago')
    asking.live.add(id)
    return startRunning({ asking, workload, spec, choice, config, signed, id, hold, purse, place, first })
  } catch (error) {
    hold.release()
    throw error
  }
}

/** The same question with the same nonce, in the same second, is the same job: it was answered, or is being answered. */
async function isNew({ live, ledger }: Asking, id: Digest): Promise<boolean> {
  if (live.has(id)) return false
  // Taken before it is looked up: of two that come at once, one is new.
  live.add(id)
  let isNew = false
  try {
    isNew = (await readOne(ledger, 'jobs', { id })) === undefined
  } finally {
    if (!isNew) live.delete(id)
  }
  return isNew
}

/** A job as it is posted now: it may be posted again, under another voucher. */
type Post = {
  stream?: MessageStream
  listening?: Listening
  /**
   * Whether the provider has said its last word about it. Until then it may hold a place there, and what was delivered may
   * be charged: what fails on this side, such as a voucher that cannot be raised, ends no job there.
   */
  told: boolean
  /** Frames that came together with what failed here: whoever reads on to the receipt begins with them. */
  unread: readonly Message[]
}

async function post(running: Running, { signal, wait, alive }: Try): Promise<Answer> {
  const { asking, choice, signed, id, first } = running
  const { channel } = signed.job
  const { limits, book } = asking
  const longest = choice.standing.own ? limits.longestOwn : limits.longest
  const now: Post = { told: false, unread: [] }
  try {
    const room = { patience: wait, signal }
    const voucher = await asking.payer.take(channel, id, { delivered: 0n, next: first }, choice.offer, room)
    // Waiting for room is the payer's own time; the provider's begins with each post.
    const began = ticksOf(asking.clock)
    const begun = await begin(running, voucher, wait, now, stream => {
      now.listening?.stop()
      now.stream = stream
      now.told = false
      now.unread = []
      now.listening = listen(stream, { signal, limits: { ...limits, longest }, wait, alive })
    })
    book.measured(choice.standing, ticksOf(asking.clock) - began)
    return answerOf(running, begun, now.stream!, now.listening!, signal)
  } catch (error) {
    now.listening?.stop()
    clearTimeout(running.noting)
    if (now.stream && !now.told && !isHeddleError(error, 'provider_unreachable')) {
      void leave(running, now.stream, now.unread)
    } else {
      now.stream?.cancel()
      ended(running)
      if (isHeddleError(error, 'provider_unreachable')) lose(running)
      else await letGo(running)
      // A provider that says so and is not believed is asked after all others.
      if (isHeddleError(error, 'channel_overclaimed') && !(await asking.payer.abandon(channel)))
        book.failed(choice.standing, error.message)
    }
    throw error
  }
}

/** What a provider says when the voucher that lies with it is gone, has no room for this job, or is higher already. */
const WITHOUT_ROOM: ReadonlySet<string> = new Set(['voucher_required', 'voucher_decreasing', 'channel_unknown'])
/** Vouchers that are tried for one job. */
const MOST_TRIES = 8

/**
 * Posts the job until it has begun: first under the voucher that lies there, then with the voucher itself, then under
 * higher ones, for jobs that run on the channel may have used its room meanwhile. Gives the first messages.
 */
async function begin(
  running: Running,
  first: Voucher,
  wait: number,
  now: Post,
  listenTo: (stream: MessageStream) => void,
): Promise<readonly Message[]> {
  const { asking, choice, signed, config } = running
  const { client } = choice.standing
  const channel: Channel = config
  let voucher = first
  for (let tries = 1; ; tries++) {
    const { messages, short } = client.job({ signed, channel, voucher }, wait)
    listenTo(messages)
    try {
      const begun = await untilFirst(running, now)
      if (!short) client.lies(voucher.channel, voucher)
      return begun
    } catch (error) {
      if (!now.told || tries === MOST_TRIES || !isHeddleError(error) || !WITHOUT_ROOM.has(error.code)) throw error
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
async function untilFirst(running: Running, now: Post): Promise<readonly Message[]> {
  for (;;) {
    const messages = await now.listening!.next().catch(error => {
      // A refusal; or this side has given up.
      now.told = !isHeddleError(error, 'engine_slow') && !isHeddleError(error, 'aborted')
      throw error
    })
    if (!messages) throw new HeddleError('provider_unreachable', 'the answer ended before it began')
    for (const [i, message] of messages.entries()) {
      if (message.kind === 'error') {
        now.told = true
        throw errorFromJson(messageJson(message), 'provider_unreachable')
      }
      now.unread = messages.slice(i + 1)
      if (message.kind === 'raise') await raise(running, message)
      else if (message.kind !== 'alive') return messages.slice(i)
    }
  }
}
