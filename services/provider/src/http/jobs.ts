import type { ServerResponse } from 'node:http'
import type { Call, Endpoint } from '@heddle/daemon'
import {
  canonical,
  concat,
  encodeFrame,
  type FrameKind,
  HeddleError,
  MAX_FRAME,
  packReceipt,
  type SignedReceipt,
  toHeddleError,
  type Usage,
  usageToJson,
  utf8,
} from '@heddle/protocol'
import { admit, findStored } from '../job/admit.ts'
import { execute } from '../job/execute.ts'
import type { Parts } from '../parts.ts'
import { requireReader } from './reader.ts'

const FRAMES = 'application/vnd.heddle.frames'

/**
 * Frames on a response, which starts with the first of them: what fails earlier is an HTTP error. What is delivered in one
 * turn of the event loop leaves together; the end of an answer leaves with its receipt, so a short answer is one write.
 */
function frames(response: ServerResponse) {
  let waiting: Uint8Array[] = []
  let length = 0
  let held = false
  let scheduled = false
  const add = (kind: FrameKind, payload: Uint8Array): void => {
    const frame = encodeFrame(kind, payload)
    waiting.push(frame)
    length += frame.length
  }
  const take = (): Uint8Array => {
    const bytes = waiting.length === 1 ? waiting[0]! : concat(...waiting)
    waiting = []
    length = 0
    return bytes
  }
  const flush = (): void => {
    if (length === 0) return
    if (!response.headersSent) {
      response.writeHead(200, { 'content-type': FRAMES })
      response.socket?.setNoDelay(true)
    }
    response.write(take())
  }
  const later = (): void => {
    scheduled = false
    if (!held) flush()
  }
  const end = (kind: FrameKind, payload: Uint8Array): void => {
    add(kind, payload)
    if (!response.headersSent) response.writeHead(200, { 'content-type': FRAMES, 'content-length': length })
    response.end(take())
  }
  return {
    output(bytes: Uint8Array): void {
      add('output', bytes)
      if (scheduled) return
      scheduled = true
      setImmediate(later)
    },
    /** What is not out yet waits for the receipt. */
    hold(): void {
      held = true
    },
    /** A whole stored output, in as many frames as it takes. */
    all(bytes: Uint8Array): void {
      for (let at = 0; at < bytes.length; at += MAX_FRAME) add('output', bytes.subarray(at, at + MAX_FRAME))
    },
    raise({ ceiling, used }: { ceiling: bigint; used: Usage }): void {
      add('raise', utf8(canonical({ ceiling: ceiling.toString(), used: usageToJson(used) })))
      flush()
    },
    receipt: (receipt: SignedReceipt): void => end('receipt', packReceipt(receipt)),
    error: (error: HeddleError): void => end('error', utf8(canonical(error.toJSON()))),
    /** True once something is out, or waits to be. */
    begun: (): boolean => response.headersSent || length > 0,
    drained(): Promise<void> {
      flush()
      if (!response.writableNeedDrain) return Promise.resolve()
      return new Promise(resolve => {
        response.once('drain', resolve)
        response.once('close', resolve)
      })
    },
  }
}

/** `POST /heddle/1/jobs`: admits, runs and streams one job; one that ran before is answered from the ledger. */
async function runJob(parts: Parts, call: Call): Promise<void> {
  const outlet = frames(call.response)
  const admitted = await admit(parts, await call.json())
  if ('receipt' in admitted) {
    outlet.all(admitted.output)
    return outlet.receipt(admitted.receipt)
  }
  try {
    outlet.receipt(await execute(parts, admitted, outlet, call.signal))
  } catch (error) {
    if (!outlet.begun()) throw error
    outlet.error(toHeddleError(error))
  }
}

export const jobEndpoints = (parts: Parts): Endpoint[] => [
  { method: 'POST', path: '/heddle/1/jobs', handle: call => runJob(parts, call) },
  {
    method: 'GET',
    path: '/heddle/1/jobs/:id',
    async handle(call) {
      const id = call.params['id'] as `0x${string}`
      if (parts.running.has(id)) throw new HeddleError('job_running', id)
      const stored = await findStored(parts, id)
      if (!stored) throw new HeddleError('job_unknown', id)
      await requireReader(parts, stored.receipt.receipt.channel, call.request)
      const outlet = frames(call.response)
      outlet.all(stored.output)
      outlet.receipt(stored.receipt)
    },
  },
]
