import { join } from 'node:path'
import { connect, followOnce, Outbox } from '@heddle/chain'
import { required } from '@heddle/daemon'
import { openSqliteLedger } from '@heddle/ledger'
import { ClaimWitness, Followed, keptInLedger, Payer } from '@heddle/payments'
import { fromHex, type Hex, signerOf } from '@heddle/protocol'
import { quiet } from '../faults/stage.ts'

/**
 * What a gateway does with claims above its receipts, as a process that kills itself, as `kill -9` would: when a transaction
 * is on disk and was not sent, or when it was sent and nobody knows yet whether it is in a block.
 */
const { directory, chain, keys, point } = JSON.parse(required('HEDDLE_SETTINGS')) as {
  directory: string
  chain: { url: string; chainId: number }
  keys: Record<'payer' | 'payerAuthorizer' | 'gas', Hex>
  point: 'kept' | 'sent'
}
const die = (): void => void process.kill(process.pid, 'SIGKILL')

const client = connect(chain.url, chain.chainId)
const send = client.sendRawTransaction.bind(client)
client.sendRawTransaction = async transaction => {
  if (point === 'kept') die()
  const sent = await send(transaction)
  die()
  return sent
}
const ledger = await openSqliteLedger(join(directory, 'gateway.db'))
const payerKey = signerOf(fromHex(keys.payer))
const followed = await Followed.open(ledger, payerKey.address)
const payer = new Payer({
  ledger,
  followed,
  payer: payerKey,
  authorizer: signerOf(fromHex(keys.payerAuthorizer)),
  tokenDomain: () => Promise.reject(new Error('nothing is deposited here')),
})
while (await followOnce(client, followed));
const outbox = new Outbox({ store: keptInLedger(ledger), client, secret: fromHex(keys.gas), log: quiet })
await new ClaimWitness({ ledger, payer, followed, client, outbox, log: quiet }).look()
