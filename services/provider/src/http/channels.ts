import { countOf, type Endpoint, sendJson } from '@heddle/daemon'
import { channelIdOf } from '../calls/body.ts'
import { open, raise, receipts, state } from '../calls/channels.ts'
import type { ChannelDesk } from '../money/channels.ts'
import type { Parts } from '../parts.ts'
import { askerOf } from './asker.ts'

export const channelEndpoints = (parts: Parts, desk: ChannelDesk): Endpoint[] => [
  {
    method: 'PUT',
    path: '/heddle/1/channels/:id',
    async handle({ params, response, json }) {
      sendJson(response, 200, await open(parts, desk, channelIdOf(params['id']), await json()))
    },
  },
  {
    method: 'GET',
    path: '/heddle/1/channels/:id',
    async handle({ params, response }) {
      sendJson(response, 200, await state(parts, channelIdOf(params['id'])))
    },
  },
  {
    method: 'PUT',
    path: '/heddle/1/channels/:id/voucher',
    async handle({ params, response, json }) {
      sendJson(response, 200, await raise(parts, await json(), channelIdOf(params['id'])))
    },
  },
  {
    method: 'GET',
    path: '/heddle/1/channels/:id/receipts',
    async handle({ params, query, request, response }) {
      const after = countOf(query, 'after', { unless: 0 })
      sendJson(response, 200, await receipts(parts, channelIdOf(params['id']), after, askerOf(parts, request)))
    },
  },
]
