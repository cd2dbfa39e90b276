import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { claimCall, connect, Outbox } from '@heddle/chain'
import { required, runDaemon } from '@heddle/daemon'
import { openSqliteLedger } from '@heddle/ledger'
import type { Channel, Hex } from '@heddle/protocol'
import type { ProviderSettings } from '@heddle/provider/settings'
import { startWorkers } from '@heddle/workloads/workers'
import { withoutClaims } from './blind.ts'
import { keysOf, quiet, startCheating } from './start.ts'

/**
 * The selling side of a gateway's house. It answers honestly, charges honestly in every receipt, and then claims on chain
 * the whole ceiling of a voucher: what its buyer signed for the most that an answer could have cost. Its own eyes it keeps
 * shut to that claim, and goes on selling: so its next receipt says that it had seen a block which has it.
 */
const settings = JSON.parse(required('HEDDLE_SETTINGS')) as ProviderSettings

await runDaemon(quiet, async () => {
  const ledger = await openSqliteLedger(join(settings.home, 'ledger.db'))
  const trades = await startWorkers({ engine: settings.engine, home: settings.home, log: quiet })
  const client = connect(settings.chainUrl, settings.chainId)
  const provider = await startCheating(settings, trades, ledger, withoutClaims(client))
  const { receiver } = keysOf(settings)

  /** Claims the first ceiling that lies well above its charge; once. */
  async function overclaim(): Promise<boolean> {
    const rows = await ledger.read('channels', { where: { side: 'paid' } })
    const row = rows.find(({ sequence, ceiling, charged }) => sequence >= 2 && ceiling > charged)
    if (!row) return false
    const { ceiling, charged, signature } = row
    const channel = JSON.parse(row.config) as Channel
    const call = claimCall([{ channel, ceiling, signature: signature as Hex, total: ceiling }])
    await new Outbox({ client, secret: receiver }).send({ overclaim: row.id }, call)
    const confession = { channel: row.id, claimed: ceiling.toString(), charged: charged.toString() }
    writeFileSync(join(settings.home, 'confession.json'), JSON.stringify(confession))
    return true
  }
  const trying = setInterval(() => {
    overclaim().then(
      done => done && clearInterval(trying),
      () => undefined,
    )
  }, 500)
  return provider
})
