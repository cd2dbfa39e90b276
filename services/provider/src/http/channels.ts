import { countOf, type Endpoint, sendJson } from '@heddle/daemon'
import { readOne } from '@heddle/ledger'
import type { ChannelState } from '@heddle/payments'
import { HeddleError, type Hex, type Offer, voucherSchema } from '@heddle/protocol'
import { type ChannelDesk, openChannel } from '../money/channels.ts'
import type { Parts } from '../parts.ts'
import { requireReader } from './reader.ts'

const toJson = (state: ChannelState) => ({
  ceiling: state.ceiling.toString(),
  charged: state.charged.toString(),
  sequence: state.sequence,
  balance: state.balance.toString(),
  claimed: state.claimed.toString(),
})

/** A channel's id in a path. Ids are hashes, so who knows one is party to it. */
function idOf(params: Readonly<Record<string, string>>): Hex {
  const id = params['id'] ?? ''
  if (!/^0x[0-9a-f]{64}$/.test(id)) throw new HeddleError('bad_request', 'id: not a channel id')
  return id as Hex
}

/** How many receipts one answer holds at most, and after how many characters there are no more of them. */
const PAGE = 100
const PAGE_LENGTH = 8 << 20

export const channelEndpoints = (parts: Parts, desk: ChannelDesk): Endpoint[] => [
  {
    method: 'PUT',
    path: '/heddle/1/channels/:id',
    async handle(call) {
      const state = await openChannel(desk, idOf(call.params), await call.json(), parts.terms)
      sendJson(call.response, 200, toJson(state))
    },
  },
  {
    method: 'GET',
    path: '/heddle/1/channels/:id',
    async handle(call) {
      sendJson(call.response, 200, toJson(await desk.receiver.state(idOf(call.params))))
    },
  },
  {
    method: 'PUT',
    path: '/heddle/1/channels/:id/voucher',
    async handle(call) {
      const id = idOf(call.params)
      const voucher = voucherSchema.safeParse(await call.json())
      if (!voucher.success) throw new HeddleError('bad_request', voucher.error.issues[0]?.message)
      if (voucher.data.channel !== id) throw new HeddleError('channel_mismatch', 'the voucher is for another channel')
      await desk.receiver.admit(voucher.data, parts.terms)
      sendJson(call.response, 200, toJson(await desk.receiver.state(id)))
    },
  },
  {
    method: 'GET',
    path: '/heddle/1/channels/:id/receipts',
    async handle(call) {
      const after = countOf(call.query, 'after', { unless: 0 })
      const where = { channel: idOf(call.params) }
      await requireReader(parts, where.channel, call.request)
      const rows = await parts.ledger.read('receipts', { where, after: { by: 'sequence', value: after }, limit: PAGE })
      const receipts: unknown[] = []
      let length = 0
      for (const row of rows) {
        if (length > PAGE_LENGTH) break
        const job = await readOne(parts.ledger, 'jobs', { id: row.id })
        const offer = parts.offers.signed(JSON.parse(job!.offer) as Offer)
        receipts.push({ receipt: JSON.parse(row.signed), job: JSON.parse(job!.request), offer })
        length += row.signed.length + job!.request.length + job!.offer.length
      }
      sendJson(call.response, 200, { receipts })
    },
  },
]
