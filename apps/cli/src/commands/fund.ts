import { isDevnet, fund as mint } from '@heddle/chain'
import { type Address, HeddleError } from '@heddle/protocol'
import { defineCommand } from 'citty'
import { call } from '../call.ts'
import { amountOf } from '../command-line/values.ts'
import { findHome, running } from '../home/index.ts'
import { commonArgs, printJson, report } from '../report.ts'

export const fund = defineCommand({
  meta: { name: 'fund', description: 'Put N HED of test money into the channels' },
  args: { amount: { type: 'positional', description: 'HED, e.g. 2.5', required: true }, ...commonArgs },
  run: ({ args }) =>
    report(args, async () => {
      const amount = amountOf('AMOUNT', args.amount)
      if (amount === 0n) throw new HeddleError('usage_wrong', 'AMOUNT: more than nothing')
      const home = findHome(args.home)
      const run = running(home)
      const status = await call<{ payer: Address; wallet: string | null }>(`${run.gateway.url}/heddle/1/status`, {
        token: run.adminToken,
      })
      const short = amount - BigInt(status.wallet ?? 0)
      if (short > 0n && isDevnet(run.chain.chainId))
        await mint(run.chain.url, run.chain.asset as Address, status.payer, short)
      const result = await call<{ channels: unknown[] }>(`${run.gateway.url}/heddle/1/admin/fund`, {
        method: 'POST',
        token: run.adminToken,
        body: { amount: amount.toString() },
      })
      if (args.json) return printJson(result)
      console.log(
        `✓ ${args.amount} HED of test money deposited into ${result.channels.length} channels of the house in ${home}`,
      )
    }),
})
