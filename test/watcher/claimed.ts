import { fund, Outbox } from '@heddle/chain'
import { Claimer, type Receiver } from '@heddle/payments'
import { type Channel, domainOf, type Hex, randomBytes, signerOf } from '@heddle/protocol'
import { quiet, type Stage } from '../faults/stage.ts'

/** Claims everything that was ever signed, whatever was charged. Gives the transaction. */
export async function claimCeilings({ devnet, client, keys, offer, ledger }: Stage): Promise<Hex> {
  const secret = randomBytes(32)
  await fund(devnet.url, devnet.token, signerOf(secret).address, 0n)
  const rows = await ledger.read('channels')
  const claimable = async () =>
    rows.map(row => {
      const channel = JSON.parse(row.config) as Channel
      return { row: { ...row, charged: row.ceiling }, channel, unclaimed: row.ceiling, urgent: true }
    })
  const claimer = new Claimer({
    receiver: { claimable } as unknown as Receiver,
    outbox: new Outbox({ client, secret }),
    client,
    domain: domainOf(offer),
    authorizer: signerOf(keys.receiverAuthorizer),
    log: quiet,
    threshold: 0n,
  })
  const { transactions } = await claimer.claim({ all: false })
  return transactions[0]!
}
