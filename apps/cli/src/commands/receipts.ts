import { formatUnits } from '@heddle/protocol'
import { defineCommand } from 'citty'
import { call } from '../call.ts'
import { numberOf } from '../command-line/values.ts'
import { findHome, running } from '../home/index.ts'
import { commonArgs, printJson, report, table } from '../report.ts'

type Answer = {
  id: string
  state: string
  started: number
  charge: string
  finish: string | null
  answer: string
  usage: Record<string, string>
}

/** What has no receipt, by its state: nothing is signed before a job's end, and nothing for a question that failed. */
const UNSIGNED: Readonly<Record<string, string>> = {
  running: '– none yet, it is being answered',
  failed: '– none, the question failed',
}

/** A receipt's id; in its place, as wide, why there is none. */
export const shownReceipt = ({ id, state }: Pick<Answer, 'id' | 'state'>): string =>
  (UNSIGNED[state] ?? id).padEnd(id.length)

export const receipts = defineCommand({
  meta: { name: 'receipts', description: 'The last receipts' },
  args: { ...commonArgs, limit: { type: 'string', description: 'How many, from 1 to 200', default: '20' } },
  run: ({ args }) =>
    report(args, async () => {
      const limit = numberOf('--limit', args.limit, 1, 200)
      const run = running(findHome(args.home))
      const { answers } = await call<{ answers: Answer[] }>(`${run.gateway.url}/heddle/1/answers?limit=${limit}`, {
        token: run.adminToken,
      })
      if (args.json) return printJson({ receipts: answers })
      const rows = answers.map(one => [
        shownReceipt(one),
        new Date(one.started).toISOString().slice(0, 19),
        one.finish ?? one.state,
        Object.values(one.usage)
          .reduce((sum, count) => sum + Number(count), 0)
          .toString(),
        formatUnits(BigInt(one.charge)),
      ])
      console.log(table(['receipt', 'asked', 'finish', 'tokens', 'HED'], rows))
    }),
})
