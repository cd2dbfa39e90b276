import { existsSync, readFileSync } from 'node:fs'
import { type Row, readSnapshot } from '@heddle/ledger'
import {
  type Address,
  type ErrorCode,
  formatUnits,
  HeddleError,
  type SignedReceipt,
  verifyReceipt,
} from '@heddle/protocol'
import { defineCommand } from 'citty'
import { addressOf } from '../command-line/values.ts'
import { findHome, ledgerFile } from '../home/index.ts'
import { commonArgs, printJson, report } from '../report.ts'

/** Finds a receipt: a file, or an id in this home's ledger. Neither needs anything to run. */
function find(home: string, what: string): { json: unknown; pinned: Address | undefined } {
  if (existsSync(what)) {
    const json = parse(readFileSync(what, 'utf8'))
    const wrapped = json as { receipt?: { receipt?: unknown }; provider?: Address }
    return wrapped.receipt?.receipt ? { json: wrapped.receipt, pinned: wrapped.provider } : { json, pinned: undefined }
  }
  const file = ledgerFile(home, 'gateway')
  if (!existsSync(file)) throw new HeddleError('not_found', `no file "${what}", and no ledger in ${home}`)
  const ledger = readSnapshot(file)
  const row: Row<'receipts'> | undefined = ledger.receipts.find(one => one.id === what)
  if (!row) throw new HeddleError('not_found', `no file and no receipt "${what}"`)
  const channel = ledger.channels.find(one => one.id === row.channel)
  return { json: parse(row.signed), pinned: channel?.counterparty as Address | undefined }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new HeddleError('receipt_malformed', 'not JSON', { cause })
  }
}

export const verify = defineCommand({
  meta: { name: 'verify', description: 'Verify a receipt offline, against the pinned key of its provider' },
  args: {
    receipt: { type: 'positional', description: 'A receipt id, or a file', required: true },
    ...commonArgs,
    key: { type: 'string', description: 'The key to verify against, instead of the pinned one' },
  },
  run: ({ args }) =>
    report(args, async () => {
      const told = args.key === undefined ? undefined : addressOf('--key', args.key)
      const { json, pinned } = find(findHome(args.home), args.receipt)
      const key = told ?? pinned
      const unpinned: ErrorCode = 'receipt_signer'
      if (!key) throw new HeddleError(unpinned, 'no key is pinned for this file: name the provider with --key 0x…')
      const { receipt }: SignedReceipt = verifyReceipt(json, key)
      if (args.json) return printJson({ verified: true, key, receipt })
      const usage = Object.entries(receipt.usage).map(([unit, count]) => `${count} ${unit}`)
      console.log(`✓ ${receipt.id}`)
      console.log(`  signed by ${key}`)
      console.log(`  ${usage.join(', ')} · ${formatUnits(BigInt(receipt.charge))} HED · ${receipt.finish}`)
      console.log(`  model ${receipt.model}`)
    }),
})
