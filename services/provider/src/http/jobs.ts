import type { ServerResponse } from 'node:http'
import type { Call, Endpoint } from '@heddle/daemon'
import {
  canonical,
  encodeFrame,
  HeddleError,
  MAX_FRAME,
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

/** Frames on a response, which starts with the first of them: what fails earlier is an HTTP error. */
function frames(response: ServerResponse) {
  const start = (): void => {
    if (response.headersSent) return
    response.writeHead(200, { 'content-type': FRAMES })
    response.socket?.setNoDelay(true)
  }
  return {
    output(bytes: Uint8Array): void {
      start()
      response.write(encodeFrame('output', bytes))
    },
    /** A whole stored output, in as many frames as it takes. */
    all(bytes: Uint8Array): void {
      for (let at = 0; at < bytes.length; at += MAX_FRAME) this.output(bytes.subarray(at, at + MAX_FRAME))
    },
    raise({ ceiling, used }: { ceiling: bigint; used: Usage }): void {
      start()
      const body = canonical({ ceiling: ceiling.toString(), used: usageToJson(used) })
      response.write(encodeFrame('raise', utf8(body)))
    },
    receipt(receipt: SignedReceipt): void {
      start()
      response.end(encodeFrame('receipt', utf8(canonical(receipt))))
    },
    error(error: HeddleError): void {
      response.end(encodeFrame('error', utf8(canonical(error.toJSON()))))
    },
    drained(): Promise<void> {
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
    if (!call.response.headersSent) throw error
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
