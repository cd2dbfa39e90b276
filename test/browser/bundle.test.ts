import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as protocol from '@heddle/protocol'
import { bundle } from '../../scripts/console.ts'
import { startChromium } from './chromium.ts'

/** What must run in a browser tab: all of it is bundled, used or not. */
const SAFE = ['@heddle/protocol', '@heddle/inference/workload']

const bundleOf = async (contents: string): Promise<string> => {
  const [output] = await bundle({
    stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' },
    format: 'iife',
    globalName: 'heddle',
    logLevel: 'silent',
    write: false,
  })
  return output!.text
}
const bundleAll = (modules: readonly string[]): Promise<string> =>
  bundleOf(modules.map(name => `export * from '${name}'`).join('\n'))

const zero = `0x${'00'.repeat(32)}` as const
const signer = protocol.signerOf(new Uint8Array(32).fill(7))
const receipt: protocol.Receipt = {
  version: protocol.WIRE_VERSION,
  id: zero,
  provider: signer.address,
  chainId: 31_337,
  settlement: protocol.SETTLEMENT_ADDRESS,
  channel: zero,
  sequence: '1',
  offer: zero,
  workload: 'inference',
  model: zero,
  engine: { name: 'llama.cpp', build: 'test' },
  request: zero,
  nonce: zero,
  seed: zero,
  seen: { block: 7, hash: zero },
  input: zero,
  output: zero,
  outputBytes: '3',
  usage: { prompt: '3', completion: '5' },
  charge: '36',
  charged: '36',
  finish: 'stop',
  started: 1_700_000_000_000,
  finished: 1_700_000_000_500,
  evidence: null,
}

test('what is safe for browsers bundles without anything of Node, and signs and verifies the same there', async t => {
  const script = await bundleAll(SAFE)
  const signed = protocol.signReceipts([receipt, { ...receipt, sequence: '2', charged: '72' }], signer)
  const browser = await startChromium(t)
  const page = await browser.newPage()
  await page.addScriptTag({ content: script })
  const found = await page.evaluate(
    ({ signed, pinned }) => {
      const { heddle } = globalThis as unknown as { heddle: typeof protocol }
      const codeOf = (json: unknown, key: protocol.Address): string => {
        try {
          heddle.verifyReceipt(json, key)
          return 'good'
        } catch (error) {
          return (error as protocol.HeddleError).code
        }
      }
      const altered = { ...signed[0]!, receipt: { ...signed[0]!.receipt, charge: '35' } }
      const there = heddle.signerOf(new Uint8Array(32).fill(7))
      return {
        codes: [
          codeOf(signed[0], pinned),
          codeOf(signed[1], pinned),
          codeOf(altered, pinned),
          codeOf(signed[0], heddle.ZERO_ADDRESS),
          codeOf({}, pinned),
        ],
        signed: heddle.signReceipts(
          signed.map(one => one.receipt),
          there,
        ),
      }
    },
    { signed, pinned: signer.address },
  )
  assert.deepEqual(found.codes, ['good', 'good', 'receipt_signature', 'receipt_signer', 'receipt_malformed'])
  assert.deepEqual(found.signed, signed)
})

test('a bundle with anything of Node in it is refused', async () => {
  await assert.rejects(bundleOf("import { readFileSync } from 'node:fs'; console.log(readFileSync)"), /node:fs/)
  await assert.rejects(bundleAll(['@heddle/daemon']), /node:/)
})
