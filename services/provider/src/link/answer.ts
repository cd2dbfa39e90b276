import { parseJson } from '@heddle/daemon'
import type { Link, Stream } from '@heddle/link'
import {
  type Address,
  type CallName,
  canonical,
  type Digest,
  digestSchema,
  encodeMessage,
  HeddleError,
  type Log,
  readCall,
  toHeddleError,
  utf8,
} from '@heddle/protocol'
import { z } from 'zod'
import { channelIdOf, readBody } from '../calls/body.ts'
import { open, raise, receipts } from '../calls/channels.ts'
import type { Count } from '../calls/count.ts'
import { evidenceOf } from '../calls/evidence.ts'
import { runJob, stopJob, storedJob } from '../calls/jobs.ts'
import { offersFor } from '../calls/offers.ts'
import type { ChannelDesk } from '../money/channels.ts'
import type { Parts } from '../parts.ts'
import { outletOn, taken } from './outlet.ts'

export type LinkCalls = {
  parts: Parts
  desk: ChannelDesk
  count: Count
  log: Log
  /** Bytes of what a call takes, objects and lists within each other, names of members, and milliseconds in which it comes whole. */
  limits: { bytes: number; depth: number; names?: number; arrival: number }
  /** Milliseconds that whoever asks may take nothing of its answer. */
  unread: number
  /** Told of each job that is posted. */
  posted(): void
}

const idSchema = z.strictObject({ id: digestSchema })
const offersSchema = z.strictObject({ payer: z.string().optional() })
const receiptsSchema = z.strictObject({ channel: digestSchema, after: z.int().nonnegative() })
const evidenceSchema = z.strictObject({ id: digestSchema, leaf: z.int().nonnegative().optional() })
const channelSchema = z.looseObject({ id: digestSchema })

/** Answers what a payer asks on its link: {@link CallName}. */
export function answerCalls(calls: LinkCalls): (stream: Stream, link: Link) => void {
  return (stream, link) => {
    answer(calls, stream, link.peer)
      // An answer that nobody takes is kept no longer than one of a job that goes on.
      .then(() => (stream.error ? undefined : taken(stream, calls.unread).catch(() => undefined)))
      .catch(error => {
        calls.log.error('call failed', {
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        })
        stream.reset('internal')
      })
  }
}

async function answer(calls: LinkCalls, stream: Stream, asker: Address): Promise<void> {
  // Whoever asks and leaves at once, over and over, makes no work: all of what came together is here then.
  await undefined
  if (stream.error) return
  const gone = new AbortController()
  try {
    const { call, wait } = readCall(stream.about)
    const body = await firstMessage(calls, stream)
    if (stream.error) return
    // Whoever asks leaves its side open for as long as it waits, and has nothing more to say.
    stream
      .receive()
      .then(more => {
        if (!more) return
        stream.reset('bad_request')
        gone.abort()
      })
      .catch(() => gone.abort())
    if (call === 'job') return await job(calls, stream, body, wait, gone.signal)
    if (call === 'output') return await output(calls, stream, body, asker)
    const value = await answerTo(calls, call, body, asker, gone.signal)
    if (stream.error) return
    stream.send(encodeMessage('answer', utf8(JSON.stringify(value))))
    stream.end()
  } catch (thrown) {
    const error = toHeddleError(thrown)
    if (error.code === 'internal') calls.log.error('call failed', { error: error.message, stack: error.stack })
    if (stream.error) return
    stream.send(encodeMessage('error', utf8(canonical(error.toJSON()))))
    stream.end()
  }
}

/** What a call takes: the first message of its stream. A stream on which it does not come in its time is ended. */
async function firstMessage({ limits }: LinkCalls, stream: Stream): Promise<unknown> {
  const late = setTimeout(() => stream.reset('link_slow'), limits.arrival)
  const [first, ...more] = (await stream.receive().finally(() => clearTimeout(late))) ?? []
  if (!first || more.length > 0) throw new HeddleError('bad_request', 'a call takes one message')
  if (first.length > limits.bytes) throw new HeddleError('body_too_large', `the limit is ${limits.bytes} bytes`)
  return parseJson(first, limits.depth, limits.names)
}

async function job(
  { parts, unread, posted }: LinkCalls,
  stream: Stream,
  body: unknown,
  wait: number | undefined,
  signal: AbortSignal,
): Promise<void> {
  posted()
  const patience = wait === undefined ? undefined : wait * 1_000
  await runJob(parts, outletOn(stream, { unread }), { body, patience, signal })
}

async function output({ parts, unread }: LinkCalls, stream: Stream, body: unknown, asker: Address): Promise<void> {
  const stored = await storedJob(parts, readBody(idSchema, body).id as Digest, asker)
  const outlet = outletOn(stream, { unread })
  outlet.all(stored.output)
  outlet.receipt(stored.receipt)
}

async function answerTo(
  { parts, desk, count }: LinkCalls,
  call: Exclude<CallName, 'job' | 'output'>,
  body: unknown,
  asker: Address,
  signal: AbortSignal,
): Promise<unknown> {
  switch (call) {
    case 'offers':
      return offersFor(parts, readBody(offersSchema, body).payer)
    case 'channel': {
      const { id, ...rest } = readBody(channelSchema, body)
      return open(parts, desk, channelIdOf(id), rest)
    }
    case 'voucher':
      return raise(parts, body)
    case 'receipts': {
      const { channel, after } = readBody(receiptsSchema, body)
      return receipts(parts, channel, after, asker)
    }
    case 'count':
      return count(body, asker, signal)
    case 'stop':
      return stopJob(parts, readBody(idSchema, body).id as Digest, asker)
    case 'state':
      return { state: await stateOf(parts, readBody(idSchema, body).id as Digest, asker) }
    case 'evidence': {
      const { id, leaf } = readBody(evidenceSchema, body)
      return evidenceOf(parts, id as Digest, leaf, asker)
    }
  }
}

async function stateOf(parts: Parts, id: Digest, asker: Address): Promise<'done' | 'running' | 'unknown'> {
  try {
    await storedJob(parts, id, asker)
    return 'done'
  } catch (error) {
    const { code } = toHeddleError(error)
    if (code === 'job_running') return 'running'
    if (code === 'job_unknown') return 'unknown'
    throw error
  }
}
