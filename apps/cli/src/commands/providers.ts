import { formatUnits } from '@heddle/protocol'
import { defineCommand } from 'citty'
import { call } from '../call.ts'
import { findHome, running } from '../home/index.ts'
import { commonArgs, printJson, report, short, table } from '../report.ts'

type Provider = {
  address: string | null
  endpoint: string
  own: boolean
  up: boolean
  failure: string | null
  /** Models whose engine is down. */
  down: string[]
  latency: number | null
  models: string[]
  prices: Record<string, string>
  checked: Checked[]
}

type Checked = {
  model: string
  honest: number
  dishonest: number
  inconclusive: number
  silent: number
  rate: number | null
  low: number
  high: number
}

/** Whether it answers, and with all that it offers. */
function stateOf({ up, failure, down, models }: Provider): string {
  if (!up) return `DOWN${failure ? ` (${failure.slice(0, 60)})` : ''}`
  if (down.length === 0) return 'up'
  return down.length === models.length ? 'ENGINE DOWN' : `ENGINE DOWN: ${down.join(' ')}`
}

const percent = (share: number): string => `${Number((share * 100).toFixed(1))}`

/** What a watcher found: the honest rate with its 95% interval and what it rests on. */
function honesty(checked: readonly Checked[]): string {
  if (checked.length === 0) return '–'
  const one = ({ model, honest, dishonest, inconclusive, silent, rate, low, high }: Checked): string => {
    const counts = [
      rate === null
        ? 'no verdict yet'
        : `${percent(rate)}% (${percent(low)}–${percent(high)}) of ${honest + dishonest}`,
      ...(dishonest > 0 ? [`${dishonest} DISHONEST`] : []),
      ...(inconclusive > 0 ? [`${inconclusive} inconclusive`] : []),
      ...(silent > 0 ? [`${silent} silent`] : []),
    ].join(', ')
    return checked.length > 1 ? `${model} ${counts}` : counts
  }
  return checked.map(one).join(' · ')
}

export const providers = defineCommand({
  meta: {
    name: 'providers',
    description: 'The providers that the gateway knows: prices, latency, health, honest rate',
  },
  args: commonArgs,
  run: ({ args }) =>
    report(args, async () => {
      const run = running(findHome(args.home))
      const answer = await call<{ providers: Provider[] }>(`${run.gateway.url}/heddle/1/providers`, {
        token: run.adminToken,
      })
      if (args.json) return printJson(answer)
      const rows = answer.providers.map(one => [
        one.address ? short(one.address) : '?',
        one.endpoint,
        one.own ? 'own' : 'network',
        stateOf(one),
        one.latency === null ? '–' : `${one.latency} ms`,
        one.models.join(' '),
        Object.entries(one.prices)
          .map(([unit, price]) => `${unit} ${formatUnits(BigInt(price))}`)
          .join(' · '),
        honesty(one.checked),
      ])
      console.log(
        table(['provider', 'endpoint', 'whose', 'state', 'first byte', 'models', 'HED a unit', 'honest'], rows),
      )
    }),
})
