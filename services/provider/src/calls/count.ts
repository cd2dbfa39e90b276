import { Bucket } from '@heddle/daemon'
import {
  type Address,
  type Channel,
  channelId,
  channelSchema,
  digestSchema,
  domainOf,
  HeddleError,
  type Hex,
  ticksOf,
  type Usage,
  usageToJson,
} from '@heddle/protocol'
import { z } from 'zod'
import type { Parts } from '../parts.ts'
import { readBody } from './body.ts'

const countSchema = z.strictObject({ channel: channelSchema, offer: digestSchema, spec: z.unknown() })

/** Counts a minute for one channel, and how many may run at once for all: unless an owner says otherwise. */
const USUAL_RATE = 120
const USUAL_AT_ONCE = 4
/** Channels whose rate is remembered; each of them holds a deposit. */
const MOST = 10_000

/**
 * What an input would use, counted by the engine, without running it. For the payer of a channel that holds a deposit, or of
 * the own house; nothing is charged, so it is bounded. Throws `not_found` where the engine cannot count.
 */
export type Count = (body: unknown, asker: Address, signal: AbortSignal) => Promise<{ used: Record<string, string> }>

export function startCounting(
  parts: Parts,
  { rate = USUAL_RATE, atOnce = USUAL_AT_ONCE }: { rate?: number; atOnce?: number } = {},
): Count {
  const buckets = new Map<Hex, Bucket>()
  let running = 0
  const limit = (id: Hex): void => {
    if (!buckets.has(id) && buckets.size >= MOST) buckets.clear()
    const bucket = buckets.get(id) ?? new Bucket(rate)
    buckets.set(id, bucket)
    const taken = bucket.take(1, ticksOf(parts.clock))
    if ('wait' in taken) {
      const cause = { retryAfter: Math.ceil(taken.wait / 1_000) }
      throw new HeddleError('rate_limited', `${rate} counts a minute`, { cause })
    }
    taken.giveBack(0)
  }
  return async (body, asker, signal) => {
    const asked = readBody(countSchema, body)
    const offer = parts.offers.find(asked.offer)
    const channel = asked.channel as Channel
    const id = channelId(domainOf(offer), channel)
    if (asker !== channel.payerAuthorizer) throw new HeddleError('read_refused')
    await requirePayer(parts, id, channel)
    const trade = parts.trades.get(offer.workload)
    const spec = trade?.workload.spec.safeParse(asked.spec)
    if (!spec?.success) throw new HeddleError('bad_request', spec?.error.issues[0]?.message)
    if (!trade?.worker.count) throw new HeddleError('not_found', 'this engine does not count')
    limit(id)
    if (running >= atOnce) throw new HeddleError('busy', `${atOnce} counts run`, { cause: { retryAfter: 1 } })
    running += 1
    try {
      const used: Usage = await trade.worker.count({ spec: spec.data, serves: offer.serves }, signal)
      return { used: usageToJson(used) }
    } finally {
      running -= 1
    }
  }
}

/** Only who can pay is counted for: a channel without a deposit costs nothing to make. */
async function requirePayer({ own, receiver }: Parts, id: Hex, channel: Channel): Promise<void> {
  if (own && channel.payer === own.payer && channel.payerAuthorizer === own.payerAuthorizer) return
  const { balance, charged } = await receiver.state(id)
  if (balance <= charged) throw new HeddleError('channel_underfunded', 'counting is for channels that hold a deposit')
}
