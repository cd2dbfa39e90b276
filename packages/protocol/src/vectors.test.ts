import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { definitions, fileOf } from '../vectors/definitions.ts'
import { type Hex, isHeddleError, readOffer, type SignedReceipt, verifyReceipt } from './index.ts'

type Vectors = { source: string; cases: { input: unknown; output: unknown }[] }
const directory = join(import.meta.dirname, '../vectors')
const read = (name: string): string => readFileSync(join(directory, `${name}.json`), 'utf8')
const parse = (name: string): Vectors => JSON.parse(read(name)) as Vectors
const names = Object.keys(definitions)

test('every committed file of vectors is known here, and names its source', () => {
  const files = readdirSync(directory).filter(file => file.endsWith('.json'))
  assert.deepEqual(files.sort(), names.map(name => `${name}.json`).sort())
  for (const name of names) assert.ok(parse(name).source.length > 10)
})

for (const name of names) {
  test(`vectors of ${name}: the committed inputs give the committed outputs`, () => {
    const { cases } = parse(name)
    assert.ok(cases.length > 0)
    for (const { input, output } of cases) {
      assert.deepEqual(JSON.parse(JSON.stringify(definitions[name]!.compute(input))), output)
    }
  })

  test(`vectors of ${name}: the committed file is what generate.ts writes`, () => {
    assert.equal(read(name), fileOf(name))
  })
}

test('the committed receipts and offers are accepted by those who read them', () => {
  for (const { output } of parse('receipt').cases) {
    for (const signed of (output as { signed: SignedReceipt[] }).signed) {
      assert.deepEqual(verifyReceipt(signed, signed.receipt.provider), signed)
      const another: Hex = `0x${'12'.repeat(20)}`
      assert.throws(
        () => verifyReceipt(signed, another),
        error => isHeddleError(error, 'receipt_signer'),
      )
    }
  }
  for (const { output } of parse('offer').cases) readOffer((output as { signed: unknown }).signed, 0)
})
