import { readOne } from '@heddle/ledger'
import type { ChannelState } from '@heddle/payments'
import { type Address, type Hex, type Offer, voucherSchema } from '@heddle/protocol'
import { type ChannelDesk, openChannel } from '../money/channels.ts'
import type { Parts } from '../parts.ts'
import { requireReader } from './asker.ts'
import { readBody } from './body.ts'

const toJson = (state: ChannelState) => ({
  ceiling: state.ceiling.toString(),
  charged: state.charged.toString(),
  sequence: state.sequence,
  balance: state.balance.toString(),
  claimed: state.claimed.toString(),
})

/** How many receipts one answer holds at most, and after how many characters there are no more of them. */
const PAGE = 100
const PAGE_LENGTH = 8 << 20

/** Opens a channel or tops it up, and gives how it stands then. */
export const open = async ({ terms }: Parts, desk: ChannelDesk, id: Hex, body: unknown) =>
  toJson(await openChannel(desk, id, body, terms))

/** Takes a higher ceiling. Throws `bad_request`, and what the receiver says of vouchers. */
export async function raise({ receiver, terms }: Parts, body: unknown) {
  const voucher = readBody(voucherSchema, body)
  await receiver.admit(voucher, terms)
  return toJson(await receiver.state(voucher.channel))
}

/** The receipts of a channel after a sequence, each with the job and the signed offer that it belongs to: for its payer. */
export async function receipts(parts: Parts, channel: Hex, after: number, asker: Address) {
  await requireReader(parts, channel, asker)
  const where = { channel }
  const rows = await parts.ledger.read('receipts', { where, after: { by: 'sequence', value: after }, limit: PAGE })
  const told: unknown[] = []
  let length = 0
  for (const row of rows) {
    if (length > PAGE_LENGTH) break
    const job = await readOne(parts.ledger, 'jobs', { id: row.id })
    const offer = parts.offers.signed(JSON.parse(job!.offer) as Offer)
    told.push({ receipt: JSON.parse(row.signed), job: JSON.parse(job!.request), offer })
    length += row.signed.length + job!.request.length + job!.offer.length
  }
  return { receipts: told }
}
