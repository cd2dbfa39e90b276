import { openSqliteLedger } from '@heddle/ledger'
import { type Followed, Receiver } from '@heddle/payments'
import { type Channel, channelId, domainOf, randomBytes, signVoucher, toHex } from '@heddle/protocol'
import { FakeFollowed, fixture } from '@heddle/testing'

/** What this process has promised on a channel, told once it was: whoever kills it finds at least that on disk. */
export type Promised = { id: string; rail: 'native' | 'x402'; ceiling: string; sequence: number }

/**
 * A receiver as a process of its own, for tests that kill it: between channels that strangers name it is paid, and works for
 * nothing, on new channels over both rails.
 */
const { parties, offer, channel: terms } = fixture
const followed = new FakeFollowed()
const ledger = await openSqliteLedger(process.argv[2]!)
const receiver = new Receiver({ ledger, followed: followed as unknown as Followed, named: 6 })
const fresh = (): Channel => ({ ...terms, salt: toHex(randomBytes(32)) })
const idOf = (channel: Channel) => channelId(domainOf(offer), channel)

async function work(round: number): Promise<void> {
  const channel = fresh()
  const id = idOf(channel)
  const rail = round % 2 === 0 ? 'native' : 'x402'
  const promised: Promised = { id, rail, ceiling: '0', sequence: 0 }
  const isFree = round % 3 === 0
  await receiver.register(id, channel, offer, rail)
  if (!isFree) {
    followed.set(id, { balance: 100n })
    await receiver.admit(signVoucher(domainOf(offer), id, 100n, parties.authorizer), offer, rail)
    process.send!({ ...promised, ceiling: '100' })
  }
  for (let sequence = 1; sequence <= 3; sequence++) {
    const held = await receiver.reserve(id, isFree ? 0n : 10n, rail)
    if (!('reservation' in held)) throw new Error('no room')
    await receiver.settle(held.reservation, held.reservation.amount, () => [])
    process.send!({ ...promised, ceiling: isFree ? '0' : '100', sequence })
  }
}

for (let round = 0; ; round++) {
  const others = Array.from({ length: 5 }, fresh)
  await Promise.all([work(round), ...others.map(one => receiver.register(idOf(one), one, offer))])
}
