import { formatUnits } from '@heddle/protocol'
import { defineCommand } from 'citty'
import { findHome, running } from '../home/index.ts'
import { commonArgs, printJson, report } from '../report.ts'
import { claimAll } from '../up/first-question.ts'

export const claim = defineCommand({
  meta: { name: 'claim', description: 'Have the providers claim and sweep what they earned' },
  args: commonArgs,
  run: ({ args }) =>
    report(args, async () => {
      const run = running(findHome(args.home))
      const results = await claimAll(run)
      if (args.json)
        return printJson({ claims: results.map((result, i) => ({ provider: run.providers[i]!.name, ...result })) })
      for (const [i, result] of results.entries()) {
        const earned = `${formatUnits(BigInt(result.amount))} HED on ${result.rows} channels, ${formatUnits(BigInt(result.settled))} HED settled in all`
        console.log(`${result.refused.length ? '✗' : '✓'} ${run.providers[i]!.name}: ${earned}`)
      }
    }),
})
