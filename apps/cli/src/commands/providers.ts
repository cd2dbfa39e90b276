import { homeSetting } from '@heddle/daemon'
import { formatUnits } from '@heddle/protocol'
import { defineCommand } from 'citty'
import { call } from '../call.ts'
import { running } from '../home.ts'
import { commonArgs, printJson, report, short, table } from '../report.ts'

type Provider = {
  address: string | null
  endpoint: string
  own: boolean
  up: boolean
  latency: number | null
  models: string[]
  prices: Record<string, string>
}

export const providers = defineCommand({
  meta: { name: 'providers', description: 'The providers that the gateway knows: prices, latency, health' },
  args: commonArgs,
  run: ({ args }) =>
    report(args, async () => {
      const run = running(homeSetting(args.home))
      const answer = await call<{ providers: Provider[] }>(`${run.gateway.url}/heddle/1/providers`, {
        token: run.adminToken,
      })
      if (args.json) return printJson(answer)
      const rows = answer.providers.map(one => [
        one.address ? short(one.address) : '?',
        one.endpoint,
        one.own ? 'own' : 'network',
        one.up ? 'up' : 'DOWN',
        one.latency === null ? '–' : `${one.latency} ms`,
        one.models.join(' '),
        Object.entries(one.prices)
          .map(([unit, price]) => `${unit} ${formatUnits(BigInt(price))}`)
          .join(' · '),
      ])
      console.log(table(['provider', 'endpoint', 'whose', 'state', 'first byte', 'models', 'HED a unit'], rows))
    }),
})
