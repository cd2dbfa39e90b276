import { type Endpoint, sendJson } from '@heddle/daemon'
import type { Count } from '../calls/count.ts'
import type { Parts } from '../parts.ts'
import { askerOf } from './asker.ts'

export const countEndpoint = (parts: Parts, count: Count): Endpoint => ({
  method: 'POST',
  path: '/heddle/1/count',
  async handle({ request, response, json, signal }) {
    sendJson(response, 200, await count(await json(), askerOf(parts, request), signal))
  },
})
