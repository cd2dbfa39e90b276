import { existsSync, readFileSync } from 'node:fs'
import { checkAsked, type Difference } from '@heddle/inference/asked'
import { HeddleError } from '@heddle/protocol'
import { readOpened } from '@heddle/sdk'
import { defineCommand } from 'citty'
import { digestOf } from '../command-line/values.ts'
import { findHome } from '../home/index.ts'
import { openReceipt } from '../opened.ts'
import { commonArgs, printJson, report } from '../report.ts'

const MOST_SHOWN = 100

export const asked = defineCommand({
  meta: {
    name: 'asked',
    description: 'Hold what you asked and got against an opened receipt. Exit code: 0 as asked, 1 not, 3 not checked',
  },
  args: {
    receipt: {
      type: 'positional',
      description: 'A receipt id, or a file with what GET /heddle/1/receipts/ID/evidence gave',
      required: true,
    },
    ...commonArgs,
    request: { type: 'string', description: 'A file with the body that was sent', required: true },
    path: { type: 'string', description: 'Where it was sent', default: '/v1/chat/completions' },
    nonce: { type: 'string', description: 'The heddle-nonce that went with it' },
    text: { type: 'string', description: 'A file with the text that came back' },
  },
  async run({ args }) {
    let differences: readonly Difference[] | undefined
    await report(args, async () => {
      const nonce = args.nonce === undefined ? {} : { nonce: digestOf('--nonce', args.nonce) }
      const text = args.text === undefined ? {} : { text: read(args.text) }
      const opened = existsSync(args.receipt)
        ? readOpened(json(args.receipt))
        : await openReceipt(findHome(args.home), args.receipt)
      differences = await checkAsked(
        {
          path: args.path,
          body: json(args.request),
          ...nonce,
          ...text,
        },
        opened.answered,
      )
      const { id } = opened.answered.receipt.receipt
      if (args.json) return printJson({ receipt: id, asAsked: differences.length === 0, differences })
      console.log(differences.length === 0 ? `✓ as asked  ${id}` : `✗ not as asked  ${id}`)
      for (const { field, asked: wanted, receipt } of differences)
        console.log(
          `  ${field}: asked ${wanted.slice(0, MOST_SHOWN)}, the receipt says ${receipt.slice(0, MOST_SHOWN)}`,
        )
    })
    process.exitCode = differences === undefined ? 3 : differences.length === 0 ? 0 : 1
  },
})

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new HeddleError('not_found', `no file "${file}"`, { cause })
  }
}

function json(file: string): unknown {
  try {
    return JSON.parse(read(file))
  } catch (cause) {
    if (cause instanceof HeddleError) throw cause
    throw new HeddleError('bad_request', `${file}: not JSON`, { cause })
  }
}
