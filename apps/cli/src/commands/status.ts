import { formatUnits, isHeddleError } from '@heddle/protocol'
import { defineCommand } from 'citty'
import { call } from '../call.ts'
import { findHome, firstKey, running } from '../home/index.ts'
import { commonArgs, printJson, report, short } from '../report.ts'

type GatewayStatus = {
  chain: { id: number; up: boolean }
  wallet: string | null
  keys: { name: string; cap: string; spent: string }[]
  channels: { balance: string; charged: string }[]
  providers: { address: string | null; endpoint: string; up: boolean; latency: number | null; down: string[] }[]
  queue: { waiting: number; estimate: number; unsettled: number }
}
type ProviderStatus = {
  name: string
  running: number
  queue: { placed: number; waiting: number }
  earned: { charged: string; unclaimed: string }
  demand: { jobsLastHour: number }
}

/** The key, or where it is. */
function shownKey(home: string): string {
  try {
    return firstKey(home)
  } catch (error) {
    if (isHeddleError(error, 'key_missing')) return 'of HEDDLE_API_KEY, where the house was started'
    throw error
  }
}

const hed = (amount: string | bigint): string => `${formatUnits(BigInt(amount))} HED`

export const status = defineCommand({
  meta: { name: 'status', description: 'What runs here, and how the money stands' },
  args: commonArgs,
  run: ({ args }) =>
    report(args, async () => {
      const home = findHome(args.home)
      const run = running(home)
      const gateway = await call<GatewayStatus>(`${run.gateway.url}/heddle/1/status`, { token: run.adminToken })
      const providers = await Promise.all(
        run.providers.map(one =>
          call<ProviderStatus>(`${one.url}/heddle/1/status`).catch(() => ({ name: one.name, down: true })),
        ),
      )
      if (args.json) return printJson({ home, run: { ...run, adminToken: undefined }, gateway, providers })
      const key = gateway.keys.find(one => one.name === 'first')
      console.log(`home      ${home}`)
      console.log(`gateway   ${run.gateway.url}   key ${shownKey(home)}`)
      if (key) console.log(`          spent ${hed(key.spent)} of ${hed(key.cap)}`)
      const { waiting, estimate, unsettled } = gateway.queue
      if (waiting > 0) console.log(`queue     ${waiting} wait for a place, the last one about ${estimate} s`)
      if (unsettled > 0) console.log(`          ${unsettled} jobs whose receipt is not here yet`)
      console.log(`wallet    ${gateway.wallet === null ? 'unknown (chain down)' : hed(gateway.wallet)}`)
      console.log(
        `chain     ${run.chain.chainId} ${gateway.chain.up ? 'up' : 'DOWN'}   ${run.chain.url}   (local test money)`,
      )
      for (const provider of providers) {
        if ('down' in provider) console.log(`${provider.name} DOWN`)
        else {
          const { charged, unclaimed } = provider.earned
          console.log(
            `${provider.name} earned ${hed(charged)}, unclaimed ${hed(unclaimed)}, ${provider.demand.jobsLastHour} jobs in the last hour, ${provider.queue.placed} now, ${provider.queue.waiting} wait`,
          )
        }
      }
      for (const one of gateway.providers) {
        const name = one.address ? short(one.address) : one.endpoint
        if (!one.up) console.log(`! ${name} does not answer`)
        else if (one.down.length > 0) console.log(`! ${name}: its engine is down (${one.down.join(', ')})`)
      }
    }),
})
