import assert from 'node:assert/strict'
import { join } from 'node:path'
import { connect } from '@heddle/chain'
import { readSnapshot } from '@heddle/ledger'
import { callWitness, reconcile } from '@heddle/payments'
import type { GatewayStage } from './gateway-stage.ts'
import type { Stage } from './stage.ts'

/** Resolves once something holds that nobody tells of: it is looked at again and again. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await new Promise(resolve => setTimeout(resolve, 5))
}
type Status = {
  queue: { waiting: number; unsettled: number }
  keys: { held: string }[]
  providers: { running: number }[]
}
export const statusOf = async ({ admin }: GatewayStage): Promise<Status> =>
  (await (await admin('GET', '/heddle/1/status')).json()) as Status
/** Nothing runs, nothing is held, nothing is unknown, and nothing is written down as running. */
export const isQuiet = async (gateway: GatewayStage): Promise<boolean> => {
  const { queue, keys, providers } = await statusOf(gateway)
  const running = providers.reduce((sum, one) => sum + one.running, 0)
  if ((await gateway.ledger.read('jobs', { where: { state: 'running' } })).length > 0) return false
  return running === 0 && queue.waiting === 0 && queue.unsettled === 0 && keys.every(key => key.held === '0')
}

/** Every row of both ledgers and the chain agrees with every other. */
export async function greenBooks(stage: Stage, gateway: GatewayStage): Promise<void> {
  const { chainId, url, token } = stage.devnet
  const paying = readSnapshot(join(gateway.directory, 'gateway.db'))
  const paid = readSnapshot(join(stage.directory, 'provider.db'))
  const witness = await callWitness(connect(url, chainId), token, [paying, paid])
  const { findings } = await reconcile(
    { name: 'gateway', ledger: paying },
    [{ name: 'provider', address: stage.provider.address, ledger: paid }],
    witness,
  )
  assert.deepEqual(findings, [])
}
