import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { HeddleError, type Verdict } from '@heddle/protocol'
import { prover } from '@heddle/workloads/proofs'
import { defineCommand } from 'citty'
import { findHome } from '../home/index.ts'
import { tryProofs } from '../proving.ts'
import { commonArgs, printJson, report } from '../report.ts'

export const prove = defineCommand({
  meta: {
    name: 'prove',
    description:
      'Write a fraud proof of an answer or a channel, which anybody can verify; or verify one offline with --verify FILE',
  },
  args: {
    receipt: { type: 'positional', description: 'A receipt id, or a channel id', required: false },
    ...commonArgs,
    out: { type: 'string', description: 'The file to write; the receipt id and .proof.json when left out' },
    verify: { type: 'string', description: 'A fraud proof to verify: needs neither network nor a home' },
  },
  run: ({ args }) =>
    report(args, async () => {
      if (args.verify !== undefined) verifyFile(args.verify, args.json)
      else if (args.receipt) await write(findHome(args.home), args.receipt, args.out, args.json)
      else throw new HeddleError('usage_wrong', 'a receipt id is missing, or --verify FILE')
    }),
})

async function write(home: string, id: string, out: string | undefined, json: boolean): Promise<void> {
  const { proof, verdicts, problem } = await tryProofs(home, id)
  if (!proof) {
    if (problem) throw problem
    process.exitCode = 1
    if (json) return printJson({ proven: false, verdicts })
    console.log('Nothing is provable: what was signed holds together.')
    for (const verdict of firstOfEach(verdicts)) console.log(`  ${verdict.proof}: ${verdict.reason}`)
    return
  }
  const file = out ?? `${id}.proof.json`
  writeFileSync(file, `${prover.write(proof)}\n`, { flush: true })
  const verdict = prover.verify(proof)
  if (json) return printJson({ proven: true, file, verdict })
  console.log(`✓ ${verdict.proof}: ${verdict.reason}`)
  console.log(`  written to ${file}; anybody can verify it: heddle prove --verify ${file}`)
}

function verifyFile(file: string, json: boolean): void {
  if (!existsSync(file)) throw new HeddleError('not_found', `no file "${file}"`)
  const verdict = prover.verify(prover.read(readFileSync(file, 'utf8')))
  const proven = verdict.verdict === 'dishonest'
  if (!proven) process.exitCode = 1
  if (json) printJson({ proven, verdict })
  else printVerdict(verdict, proven)
}

function printVerdict(verdict: Verdict, proven: boolean): void {
  console.log(`${proven ? '✓ proven' : '✗ not proven'}: ${verdict.proof}, ${verdict.reason}`)
  console.log(`  provider  ${verdict.provider}   (hold it against the one that you know)`)
  for (const id of verdict.receipts) console.log(`  receipt   ${id}`)
  for (const [name, value] of Object.entries(verdict.facts)) console.log(`  ${name.padEnd(9)} ${value}`)
  if (verdict.proof === 'overcharge')
    console.log('  Its claim is chain data that nobody signed here: look it up on the chain.')
}

const firstOfEach = (verdicts: readonly Verdict[]): Verdict[] => [
  ...new Map(verdicts.toReversed().map(verdict => [verdict.proof, verdict])).values(),
]
