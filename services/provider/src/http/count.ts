import { Bucket, type Endpoint, sendJson } from '@heddle/daemon'
import {
  type Channel,
  channelId,
  channelSchema,
  digestSchema,
  domainOf,
  HeddleError,
  type Hex,
  recoverRead,
  ticksOf,
  usageToJson,
} from '@heddle/protocol'
import { z } from 'zod'
import type { Parts } from '../parts.ts'

const countSchema = z.strictObject({ channel: channelSchema, offer: digestSchema, spec: z.unknown() })

/** Counts a minute for one channel, and how many may run at once for all: unless an owner says otherwise. */
const USUAL_RATE = 120
const USUAL_AT_ONCE = 4
/** Channels whose rate is remembered; each of them holds a deposit. */
const MOST = 10_000

/**
 * `POST /heddle/1/count`: what an input would use, counted by the engine, without running it. For the payer of a channel
 * that holds a deposit, or of the own house; nothing is charged, so it is bounded. Answers `{ used }`, or `not_found`
 * where the engine cannot count.
 */
export function countEndpoint(
  parts: Parts,
  { rate = USUAL_RATE, atOnce = USUAL_AT_ONCE }: { rate?: number; atOnce?: number } = {},
): Endpoint {
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
  return {
    method: 'POST',
    path: '/heddle/1/count',
    async handle(call) {
      const body = countSchema.safeParse(await call.json())
      if (!body.success) throw new HeddleError('bad_request', body.error.issues[0]?.message)
      const offer = parts.offers.find(body.data.offer)
      const channel = body.data.channel as Channel
      const id = channelId(domainOf(offer), channel)
      const signature = /^Heddle (0x[0-9a-f]{130})$/.exec(call.request.headers.authorization ?? '')?.[1]
      const reader = signature && recoverRead(domainOf(offer), id, signature as Hex)
      if (reader !== channel.payerAuthorizer) throw new HeddleError('read_refused')
      await requirePayer(parts, id, channel)
      const trade = parts.trades.get(offer.workload)
      const spec = trade?.workload.spec.safeParse(body.data.spec)
      if (!spec?.success) throw new HeddleError('bad_request', spec?.error.issues[0]?.message)
      if (!trade?.worker.count) throw new HeddleError('not_found', 'this engine does not count')
      limit(id)
      if (running >= atOnce) throw new HeddleError('busy', `${atOnce} counts run`, { cause: { retryAfter: 1 } })
      running += 1
      try {
        const used = await trade.worker.count({ spec: spec.data, serves: offer.serves }, call.signal)
        sendJson(call.response, 200, { used: usageToJson(used) })
      } finally {
        running -= 1
      }
    },
  }
}

/** Only who can pay is counted for: a channel without a deposit costs nothing to make. */
async function requirePayer({ own, receiver }: Parts, id: Hex, channel: Channel): Promise<void> {
  if (own && channel.payer === own.payer && channel.payerAuthorizer === own.payerAuthorizer) return
  const { balance, charged } = await receiver.state(id)
  if (balance <= charged) throw new HeddleError('channel_underfunded', 'counting is for channels that hold a deposit')
}
