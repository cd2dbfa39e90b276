import { type Call, type Endpoint, sendJson } from '@heddle/daemon'
import { type Digest, HeddleError, WAIT_HEADER } from '@heddle/protocol'
import { runJob, stopJob, storedJob } from '../calls/jobs.ts'
import type { Parts } from '../parts.ts'
import { askerOf } from './asker.ts'
import { framesOn } from './frames.ts'

function patienceOf({ request }: Call): number | undefined {
  const text = request.headers[WAIT_HEADER]
  if (text === undefined) return undefined
  if (typeof text !== 'string' || !/^[0-9]{1,6}$/.test(text))
    throw new HeddleError('bad_request', `${WAIT_HEADER}: not whole seconds`)
  return Number(text) * 1_000
}

export const jobEndpoints = (parts: Parts): Endpoint[] => [
  {
    method: 'POST',
    path: '/heddle/1/jobs',
    async handle(call) {
      const patience = patienceOf(call)
      const outlet = framesOn(call.response)
      await runJob(parts, outlet, { body: await call.json(), patience, signal: call.signal })
    },
  },
  {
    method: 'DELETE',
    path: '/heddle/1/jobs/:id',
    async handle({ params, request, response }) {
      sendJson(response, 200, await stopJob(parts, params['id'] as Digest, askerOf(parts, request)))
    },
  },
  {
    method: 'GET',
    path: '/heddle/1/jobs/:id',
    async handle({ params, request, response }) {
      const { output, receipt } = await storedJob(parts, params['id'] as Digest, askerOf(parts, request))
      const outlet = framesOn(response)
      outlet.all(output)
      outlet.receipt(receipt)
    },
  },
]
