import { type Endpoint, sendJson } from '@heddle/daemon'
import type { Digest } from '@heddle/protocol'
import { evidenceOf } from '../calls/evidence.ts'
import type { Parts } from '../parts.ts'
import { askerOf } from './asker.ts'

export const evidenceEndpoint = (parts: Parts): Endpoint => ({
  method: 'GET',
  path: '/heddle/1/jobs/:id/evidence',
  async handle({ params, query, request, response }) {
    const asked = query.get('leaf')
    // What is no number is no leaf.
    const leaf = asked === null ? undefined : /^[0-9]{1,6}$/.test(asked) ? Number(asked) : -1
    sendJson(response, 200, await evidenceOf(parts, params['id'] as Digest, leaf, askerOf(parts, request)))
  },
})
