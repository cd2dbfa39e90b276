import { formatUnits } from '@heddle/protocol'
import { defineCommand } from 'citty'
import { call } from '../call.ts'
import { findHome, running } from '../home/index.ts'
import { commonArgs, printJson, report, short, table } from '../report.ts'

type Channel = {
  id: string
  provider: string
  balance: string
  ceiling: string
  charged: string
  claimed: string
  sequence: number
}

export const channels = defineCommand({
  meta: { name: 'channels', description: "The gateway's channels: deposit, ceiling, charged, claimed" },
  args: commonArgs,
  run: ({ args }) =>
    report(args, async () => {
      const run = running(findHome(args.home))
      const answer = await call<{ channels: Channel[] }>(`${run.gateway.url}/heddle/1/channels`, {
        token: run.adminToken,
      })
      if (args.json) return printJson(answer)
      const hed = (amount: string): string => formatUnits(BigInt(amount))
      const rows = answer.channels.map(one => [
        short(one.id),
        short(one.provider),
        ...[one.balance, one.ceiling, one.charged, one.claimed].map(hed),
        String(one.sequence),
      ])
      console.log(table(['channel', 'provider', 'deposit', 'ceiling', 'charged', 'claimed', 'receipts'], rows))
    }),
})
