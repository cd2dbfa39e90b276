import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { rpc } from '@heddle/chain'
import { openSqliteLedger, type Row, readSnapshot, type Snapshot } from '@heddle/ledger'
import { callWitness, reconcile, rememberChain } from '@heddle/payments'
import type { ProviderOptions } from '@heddle/provider'
import { scriptedTrade } from '../faults/scripted-worker.ts'
import { type Stage, startStaged } from '../faults/stage.ts'
import { until } from '../until.ts'

export const ledgerOf = ({ directory }: Pick<Stage, 'directory'>): Snapshot =>
  readSnapshot(join(directory, 'provider.db'))

/** Holds the provider's ledger against the chain, beside a gateway that knows nothing of all this. */
export async function startAudit(stage: Stage) {
  const { client, devnet, directory, provider } = stage
  const file = join(directory, 'gateway.db')
  const gateway = await openSqliteLedger(file)
  await rememberChain(gateway, devnet.chainId, devnet.token)
  await gateway.close()
  const payer = { name: 'gateway', ledger: readSnapshot(file) }
  return {
    async audit(ledger = ledgerOf(stage)) {
      const witness = await callWitness(client, devnet.token, [payer.ledger, ledger])
      return reconcile(payer, [{ name: 'provider', address: provider.address, ledger }], witness)
    },
  }
}

/** Waits until the provider's follower has caught up with the chain, so that its rows can be held against it. */
export async function settled(stage: Stage): Promise<void> {
  const head = Number(await rpc(stage.devnet.url, 'eth_blockNumber', []))
  await until(() => {
    const seen = Math.max(0, ...ledgerOf(stage).blocks.map((row: Row<'blocks'>) => row.number))
    return seen >= head
  }, 'the follower to catch up')
}

/** The same provider again after it ended, on what it had left on disk. */
export async function restart(t: TestContext, stage: Stage, over: Partial<ProviderOptions> = {}) {
  await stage.stopProvider()
  const { client, devnet, directory, keys, worker } = stage
  const ledger = await openSqliteLedger(join(directory, 'provider.db'))
  const { stop } = await startStaged(t, {
    port: stage.provider.port,
    client,
    asset: devnet.token,
    ledger,
    keys,
    trades: [scriptedTrade(worker)],
    ...over,
  })
  return { stop }
}

/** How a channel stands in the provider's ledger. */
export function channelOf(stage: Stage, id: string): { ceiling: string; charged: string; sequence: number } {
  const row = ledgerOf(stage).channels.find(one => one.id === id)
  if (!row) throw new Error(`${id} is not kept`)
  return { ceiling: row.ceiling.toString(), charged: row.charged.toString(), sequence: row.sequence }
}
