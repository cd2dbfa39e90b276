import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { openSqliteLedger } from '@heddle/ledger'
import type { Hex } from '@heddle/protocol'
import { type Rate, startWatcher, type WatcherOptions } from '@heddle/watcher'
import { prover } from '@heddle/workloads/proofs'
import { answered, type GatewayStage, question, startGatewayStage } from '../faults/gateway-stage.ts'
import { folder, quiet, type Stage, startStage } from '../faults/stage.ts'
import { stoppingOnce } from '../stopping.ts'
import { until } from '../until.ts'
import { signedDataChecker } from './signed-data.ts'
import { type Cheat, telling } from './told.ts'

export const TOKENS = 40

/** Providers that tell, each with the cheat that `cheats` names for it when it is asked; a gateway before them. */
export async function startWatched(t: TestContext, cheats: readonly (() => Cheat | undefined)[] = [() => undefined]) {
  const stages: Stage[] = []
  for (const cheat of cheats) {
    const devnet = stages[0] && { devnet: stages[0].devnet }
    stages.push(await startStage(t, { script: telling(TOKENS, cheat), ...devnet }))
  }
  const gateway = await startGatewayStage(t, stages)
  /** Asks one provider; gives the receipt's id. */
  const ask = async (stage = stages[0]!): Promise<Hex> => {
    const provider = { only: [stage.provider.address] }
    const body = question({ max_tokens: TOKENS, temperature: 0.9, provider })
    return (await answered(await gateway.ask(body))).heddle.receipt as Hex
  }
  return { stages, stage: stages[0]!, gateway, ask }
}

export type CheckRow = {
  id: Hex
  number: number
  provider: string
  verdict: string
  check: string
  source: string
  finding: { receipt: Hex; reason: string }
  proof: unknown
}

/** What a watcher tells over HTTP; rates and checks as its owner is told them. */
export function readingFrom(url: string, admin: () => string = () => 'admin') {
  const get = async <T>(path: string, token = admin()): Promise<T> => {
    const response = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } })
    return (await response.json()) as T
  }
  const checks = async (query = '') => (await get<{ checks: CheckRow[] }>(`/heddle/1/checks${query}`)).checks
  const rates = async () => (await get<{ rates: Rate[] }>('/heddle/1/rates')).rates
  return {
    get,
    checks,
    rates,
    /** Waits until so many receipts were checked, and gives them. */
    async checked(count: number): Promise<CheckRow[]> {
      // It may be starting again right now.
      const enough = () =>
        checks().then(
          list => list?.length >= count,
          () => false,
        )
      await until(enough, `${count} checks`)
      return checks()
    },
    /** The rate of one provider, once it is as it should be. */
    async rateOf(provider: string, isSo: (rate: Rate) => boolean): Promise<Rate> {
      const find = async () => (await rates()).find(one => one.provider === provider)
      await until(async () => {
        const rate = await find()
        return rate !== undefined && isSo(rate)
      }, 'the rate')
      return (await find())!
    },
  }
}

/** Waits until a watcher has looked at whole channels from now on, from beginning to end. */
export async function looksAtChannels({ url }: { url: string }): Promise<void> {
  const looks = async (): Promise<number> =>
    Number(/heddle_channel_looks_total (\d+)/.exec(await (await fetch(`${url}/metrics`)).text())?.[1] ?? 0)
  const before = await looks()
  await until(async () => (await looks()) >= before + 2, 'a look at channels')
}

/** A watcher in this process; it looks often and is impatient. */
export async function startWatcherStage(
  t: TestContext,
  gateway: Pick<GatewayStage, 'url'>,
  options: Partial<WatcherOptions> & { directory?: string } = {},
) {
  const { directory = folder(t), ...over } = options
  const ledger = await openSqliteLedger(join(directory, 'watcher.db'))
  const watcher = await startWatcher({
    home: directory,
    port: 0,
    gateway: gateway.url,
    adminToken: 'admin',
    ledger,
    checkers: [signedDataChecker()],
    prover,
    share: 1,
    poll: 20,
    patience: 20,
    log: quiet,
    ...over,
  })
  const stop = stoppingOnce(t, () => watcher.stop())
  const url = `http://127.0.0.1:${watcher.port}`
  return { url, directory, stop, ...readingFrom(url) }
}
