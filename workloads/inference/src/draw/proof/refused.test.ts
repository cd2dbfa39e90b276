import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createProver, digestOf, isHeddleError, type Receipt, signReceipts } from '@heddle/protocol'
import { inferenceProofs } from '../proofs.ts'
import { EXAMPLE_PROVIDER, exampleOf } from '../testing/example.ts'

const { prove: proveFraud, proveRefused, verify: verifyFraudProof } = createProver([inferenceProofs])

const { signed, offer, job, provider } = exampleOf({ positions: 2 })
const again = (changes: Partial<Receipt>) => signReceipts([{ ...signed.receipt, ...changes }], EXAMPLE_PROVIDER)[0]!
const other = again({ model: digestOf('other weights') })

test('another model than was offered convicts, without any evidence', () => {
  for (const { proof } of [
    proveRefused({ receipt: other, offer }, provider),
    proveFraud({ receipt: other, job, output: new Uint8Array(0), offer }, provider),
  ]) {
    assert.equal(proof?.kind, 'wrong-model')
    assert.equal(verifyFraudProof(JSON.parse(JSON.stringify(proof))).verdict, 'dishonest')
  }
})

test('two stories about one place convict; the same one under two signatures does not', () => {
  const { proof } = proveRefused({ receipt: again({ charged: '54' }), offer, rival: signed }, provider)
  assert.equal(proof?.kind, 'equivocation')
  assert.equal(verifyFraudProof(JSON.parse(JSON.stringify(proof))).verdict, 'dishonest')
  const inBatch = signReceipts([signed.receipt, { ...signed.receipt, sequence: '2' }], EXAMPLE_PROVIDER)[0]!
  assert.equal(proveRefused({ receipt: inBatch, rival: signed, offer }, provider).proof, undefined)
})

test('what was refused for another reason proves nothing', () => {
  const { proof, verdicts } = proveRefused({ receipt: again({ output: digestOf('other') }), offer }, provider)
  assert.equal(proof, undefined)
  assert.deepEqual(
    verdicts.map(({ verdict }) => verdict),
    ['honest'],
  )
})

test('an offer that the receipt does not name, or of another provider, convicts nobody', () => {
  const foreign = exampleOf({ seed: 9 }).offer
  assert.throws(
    () => proveRefused({ receipt: again({ offer: digestOf('another') }), offer: foreign }, provider),
    error => isHeddleError(error, 'proof_malformed'),
  )
  assert.throws(
    () => proveRefused({ receipt: other, offer }, `0x${'11'.repeat(20)}`),
    error => isHeddleError(error, 'receipt_signer'),
  )
})
