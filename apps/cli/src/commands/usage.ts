import { errorFromJson, HeddleError } from '@heddle/protocol'
import { defineCommand } from 'citty'
import { call } from '../call.ts'
import { timeOf } from '../command-line/values.ts'
import { findHome, type RunFile, running } from '../home/index.ts'
import { commonArgs, printJson, report, table } from '../report.ts'

type Sum = { requests: number; used: Record<string, string>; hed: string }
type Report = { rows: unknown[]; keys: (Sum & { key: string })[]; days: (Sum & { day: string })[]; total: Sum }

export const usage = defineCommand({
  meta: { name: 'usage', description: 'What was asked and what it cost: sums by key and day, or every request' },
  args: {
    ...commonArgs,
    from: { type: 'string', description: 'From this date or time on (ISO 8601; a date begins in UTC)' },
    to: { type: 'string', description: 'Up to this date or time, which is not in' },
    key: { type: 'string', description: 'One key, by its name' },
    csv: { type: 'boolean', description: 'Every request as CSV', default: false },
  },
  run: ({ args }) =>
    report(args, async () => {
      const query = new URLSearchParams(args.key === undefined ? {} : { key: args.key })
      for (const name of ['from', 'to'] as const)
        if (args[name] !== undefined) query.set(name, new Date(timeOf(`--${name}`, args[name])).toISOString())
      const run = running(findHome(args.home))
      if (args.csv) return void process.stdout.write(await csv(run, query))
      const answer = await call<Report>(`${run.gateway.url}/heddle/1/usage?${query}`, { token: run.adminToken })
      if (args.json) return printJson(answer)
      const units = Object.keys(answer.total.used)
      const cells = ({ requests, used, hed }: Sum): string[] => [
        String(requests),
        ...units.map(unit => used[unit] ?? '0'),
        hed,
      ]
      const head = ['requests', ...units, 'HED']
      console.log(
        table(
          ['key', ...head],
          answer.keys.map(one => [one.key, ...cells(one)]),
        ),
      )
      console.log()
      const days = answer.days.map(one => [one.day, ...cells(one)])
      console.log(table(['day', ...head], [...days, ['all', ...cells(answer.total)]]))
    }),
})

async function csv({ gateway, adminToken }: RunFile, query: URLSearchParams): Promise<string> {
  const response = await fetch(`${gateway.url}/heddle/1/usage?${query}&format=csv`, {
    headers: { authorization: `Bearer ${adminToken}` },
  }).catch(cause => {
    throw new HeddleError('not_running', `nothing answers at ${gateway.url}`, { cause })
  })
  if (!response.ok) throw errorFromJson(((await response.json()) as { error?: unknown }).error)
  return response.text()
}
