import { type Endpoint, type Metrics, sendJson } from '@heddle/daemon'
import type { Receiver } from '@heddle/payments'
import type { Address } from '@heddle/protocol'
import type { Parts } from '../parts.ts'

export type StatusParts = {
  name: string
  address: Address
  receiver: Receiver
  receiverAddress: Address
  chain(): { id: number; up: boolean; devnet: boolean; clock: 'good' | 'skewed' }
  /** Whether it serves anybody but the own house. */
  sells: boolean
  parts: Parts
  metrics: Metrics
}

/** How a provider stands: anybody may know. */
export const statusEndpoints = ({ parts, metrics, ...about }: StatusParts): Endpoint[] => [
  {
    method: 'GET',
    path: '/heddle/1/status',
    async handle({ response }) {
      const { clock, ledger, offers, running, settler, trades } = parts
      const now = clock.now()
      const recent = await ledger.read('jobs', { order: { by: 'updated', descending: true }, limit: 1_000 })
      sendJson(response, 200, {
        daemon: 'provider',
        name: about.name,
        address: about.address,
        receiver: about.receiverAddress,
        chain: about.chain(),
        models: (about.sells ? offers.current() : offers.own()).map(({ offer }) => ({
          name: offer.serves.name,
          digest: offer.serves.digest,
        })),
        sells: about.sells,
        running: running.status().placed,
        queue: running.status(),
        demand: { jobsLastHour: recent.filter(row => row.updated > now - 3_600_000).length },
        earned: await earnedOf(about.receiver),
        workers: Object.fromEntries([...trades].map(([kind, { worker }]) => [kind, worker.status()])),
        ledger: ledger.counters(),
        signed: { signatures: settler.signatures() },
      })
    },
  },
  {
    method: 'GET',
    path: '/metrics',
    handle({ response }) {
      metrics.set('jobs_running', parts.running.status().placed)
      metrics.set('jobs_waiting', parts.running.status().waiting)
      const refused = [...parts.trades.values()].map(({ worker }) => refusedBy(worker.status()))
      metrics.set(
        'refused_total',
        refused.reduce((sum, count) => sum + count, 0),
      )
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(metrics.text())
    },
  },
]

async function earnedOf(receiver: Receiver) {
  const rows = await receiver.claimable()
  const charged = rows.reduce((sum, { row }) => sum + row.charged, 0n)
  const unclaimed = rows.reduce((sum, one) => sum + one.unclaimed, 0n)
  return { charged: charged.toString(), unclaimed: unclaimed.toString(), channels: rows.length }
}

/** Refusals of all engines behind a worker; of several, each has a number before its words. */
const refusedBy = (status: Readonly<Record<string, string | number | boolean>>): number =>
  Object.entries(status).reduce((sum, [key, value]) => (/(^|\.)refused$/.test(key) ? sum + Number(value) : sum), 0)
