import { type Call, type Endpoint, sendJson } from '@heddle/daemon'
import { type Digest, HeddleError, toHeddleError, WAIT_HEADER } from '@heddle/protocol'
import { admit, findStored, readPost } from '../job/admit.ts'
import { execute } from '../job/execute.ts'
import type { Parts } from '../parts.ts'
import { framesOn } from './frames.ts'
import { startLife } from './life.ts'
import { requireReader } from './reader.ts'

/**
 * Milliseconds that whoever posts a job would wait for a place: nothing where it does not say so, and then it is sent no
 * signs of life either. Throws `bad_request`.
 */
function patienceOf({ request }: Call): number | undefined {
  const text = request.headers[WAIT_HEADER]
  if (text === undefined) return undefined
  if (typeof text !== 'string' || !/^[0-9]{1,6}$/.test(text))
    throw new HeddleError('bad_request', `${WAIT_HEADER}: not whole seconds`)
  return Number(text) * 1_000
}

/** `POST /heddle/1/jobs`: admits, runs and streams one job; one that ran before is answered from the ledger. */
async function runJob(parts: Parts, call: Call): Promise<void> {
  const patience = patienceOf(call)
  const outlet = framesOn(call.response)
  const { id, post } = readPost(await call.json())
  const ended = new AbortController()
  const stop = (): void => ended.abort()
  call.signal.addEventListener('abort', stop, { once: true })
  if (call.signal.aborted) stop()
  const { signal } = ended
  const life = startLife(outlet, patience !== undefined)
  const mine = { channel: post.job.channel, stop }
  if (!parts.stops.has(id)) parts.stops.set(id, mine)
  try {
    const asks = patience === undefined ? {} : { raise: outlet.raise }
    const admitted = await admit(parts, { id, post }, { signal, patience: patience ?? 0, queued: life.queued, ...asks })
    if ('receipt' in admitted) {
      outlet.all(admitted.output)
      return outlet.receipt(admitted.receipt)
    }
    life.works()
    outlet.receipt(await execute(parts, admitted, { ...outlet, alive: life.alive }, signal))
  } catch (error) {
    if (!outlet.begun()) throw error
    outlet.error(toHeddleError(error))
  } finally {
    life.stop()
    call.signal.removeEventListener('abort', stop)
    if (parts.stops.get(id) === mine) parts.stops.delete(id)
  }
}

export const jobEndpoints = (parts: Parts): Endpoint[] => [
  { method: 'POST', path: '/heddle/1/jobs', handle: call => runJob(parts, call) },
  {
    /**
     * Ends a job whose asker is gone, for its payer: what was delivered is charged, and its receipt comes where the answer
     * would have.
     */
    method: 'DELETE',
    path: '/heddle/1/jobs/:id',
    async handle(call) {
      const id = call.params['id'] as Digest
      const running = parts.stops.get(id)
      if (!running) throw new HeddleError('job_unknown', id)
      await requireReader(parts, running.channel, call.request)
      running.stop()
      sendJson(call.response, 200, { state: 'stopping' })
    },
  },
  {
    method: 'GET',
    path: '/heddle/1/jobs/:id',
    async handle(call) {
      const id = call.params['id'] as Digest
      if (parts.running.has(id)) throw new HeddleError('job_running', id)
      const stored = await findStored(parts, id)
      if (!stored) throw new HeddleError('job_unknown', id)
      await requireReader(parts, stored.receipt.receipt.channel, call.request)
      const outlet = framesOn(call.response)
      outlet.all(stored.output)
      outlet.receipt(stored.receipt)
    },
  },
]
