import type { Finding } from '@heddle/protocol'
import { checkAnswer } from '@heddle/sdk'
import { startCheckers } from '@heddle/workloads/checkers'
import { prover } from '@heddle/workloads/proofs'
import { defineCommand } from 'citty'
import { findHome } from '../home/index.ts'
import { openReceipt } from '../opened.ts'
import { commonArgs, printJson, report } from '../report.ts'
import { calibratedIn, calibrateFirst, checkerSettings, namedModels } from '../weights.ts'

/** Exit codes: a script can tell a cheat from a check that could not say, and both from a failure. */
const EXIT = { honest: 0, dishonest: 1, inconclusive: 2 } as const
const FAILED = 3

const MARKS = { honest: '✓', dishonest: '✗', inconclusive: '?' } as const

export const check = defineCommand({
  meta: {
    name: 'check',
    description:
      'Check an answer that was paid for again. Exit code: 0 honest, 1 dishonest, 2 inconclusive, 3 not checked',
  },
  args: {
    receipt: { type: 'positional', description: 'A receipt id', required: true },
    ...commonArgs,
    model: { type: 'string', description: 'Weights to hold it against: a GGUF file or a name (HEDDLE_MODEL)' },
  },
  async run({ args }) {
    let verdict: Finding['verdict'] | undefined
    await report(args, async () => {
      const home = findHome(args.home)
      const { answered, problem } = await openReceipt(home, args.receipt)
      const settings = await checkerSettings(home, namedModels(args.model))
      const { model } = answered.receipt.receipt
      const known = settings.models.find(one => one.digest === model && !calibratedIn(home).has(model))
      const first = calibrateFirst(known ? [known.name] : [])
      if (!args.json) for (const line of first) console.error(line)
      const checkers = await startCheckers(settings)
      try {
        const finding = await checkAnswer({ checkers, prover }, answered, new AbortController().signal)
        verdict = finding.verdict
        const { provider } = answered.receipt.receipt
        const beside = { ...(problem ? { problem: problem.toJSON() } : {}), ...(first[0] ? { first: first[0] } : {}) }
        if (args.json) printJson({ ...finding, provider, ...beside })
        else console.log(textOf(finding, provider, problem?.message))
      } finally {
        await Promise.all(checkers.map(one => one.stop()))
      }
    })
    process.exitCode = verdict ? EXIT[verdict] : FAILED
  },
})

/** What a person sees of a finding. */
export function textOf(finding: Finding, provider: string, problem?: string): string {
  const { verdict, check: spoke, reason, distance, threshold, falsePositiveRate, cost, facts } = finding
  const number = (value: number): string => String(Number(value.toPrecision(4)))
  const lines = [
    `${MARKS[verdict]} ${verdict}  ${finding.receipt}`,
    `  provider         ${provider}`,
    `  check            ${spoke}: ${reason}`,
    ...(problem ? [`  evidence         not opened: ${problem} (silent, not guilty)`] : []),
    ...(distance === undefined ? [] : [`  distance         ${number(distance)}`]),
    ...(threshold === undefined ? [] : [`  threshold        ${number(threshold)}`]),
    ...(falsePositiveRate === undefined
      ? []
      : [`  false positives  at most ${number(falsePositiveRate)} of honest answers`]),
    `  cost             ${number(cost.milliseconds)} ms of processor time, ${cost.tokens} tokens`,
    ...Object.entries(facts).map(([name, value]) => `  ${name.padEnd(16)} ${value}`),
    ...(finding.provable ? [`  It can be proven: heddle prove ${finding.receipt}`] : []),
  ]
  return lines.join('\n')
}
