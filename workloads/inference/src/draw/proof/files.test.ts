import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  canonical,
  createProver,
  type EvidenceLeaf,
  type FraudProof,
  isHeddleError,
  MAX_FRAUD_PROOF,
  signerOf,
  signReceipts,
} from '@heddle/protocol'
import { type Json, mutationsOf } from '@heddle/testing'
import fc from 'fast-check'
import { inferenceProofs } from '../proofs.ts'
import { EXAMPLE_PROVIDER, exampleOf } from '../testing/example.ts'

const { read: readFraudProof, verify: verifyFraudProof, write: writeFraudProof } = createProver([inferenceProofs])

type Case = { input: { name: string; proof: FraudProof }; output: { outcome?: { verdict: string } } }
const vectors = JSON.parse(readFileSync(join(import.meta.dirname, '../../../vectors/proof.json'), 'utf8')) as {
  cases: Case[]
}
const isMalformed = (error: unknown): boolean => isHeddleError(error, 'proof_malformed')

/** One honest file of each kind, small enough to alter everywhere. */
function honestFiles(): FraudProof[] {
  const { signed: receipt, provider, open, offer, job } = exampleOf({ positions: 2, topK: 2, batch: 2 })
  const { chainId, settlement, channel, charged, seen } = receipt.receipt
  const [head, leaf] = [open(0), open(1)]
  const claim = { ...seen!, chainId, settlement, channel, totalClaimed: charged, witnessed: 1 }
  return [
    { version: 1, provider, kind: 'redraw', receipt, head, leaf },
    { version: 1, provider, kind: 'overcount', receipt, head },
    { version: 1, provider, kind: 'malformed', receipt, head, leaf },
    { version: 1, provider, kind: 'malformed', receipt, leaf: head },
    { version: 1, provider, kind: 'foreign-seed', receipt, head, job },
    { version: 1, provider, kind: 'wrong-model', receipt, offer },
    { version: 1, provider, kind: 'equivocation', receipts: [receipt, receipt] },
    { version: 1, provider, kind: 'overcharge', receipt, claim },
  ]
}

test('the files of every kind are guilty, innocent, undecided and refused among the vectors', () => {
  const seen = new Map<string, Set<string>>()
  for (const { input, output } of vectors.cases) {
    const of = seen.get(input.proof.kind) ?? new Set()
    seen.set(input.proof.kind, of.add(output.outcome?.verdict ?? 'refused'))
  }
  assert.equal(seen.size, 7)
  for (const [kind, outcomes] of seen) {
    assert.ok(outcomes.has('dishonest') && outcomes.has('honest'), `${kind}: ${[...outcomes].join()}`)
  }
})

test('a file is read as it was written', () => {
  for (const { input } of vectors.cases) {
    const text = writeFraudProof(input.proof)
    assert.equal(text, canonical(input.proof))
    assert.deepEqual(readFraudProof(`${text}\n`), input.proof)
  }
})

for (const file of honestFiles()) {
  test(`no change in one place makes an honest file of ${file.kind} (${Object.keys(file).join(', ')}) one that convicts`, () => {
    assert.equal(verifyFraudProof(file).verdict, 'honest')
    let count = 0
    for (const { path, value } of mutationsOf(file as unknown as Json)) {
      // A claim is chain data: whether the chain says so is looked up there.
      if (path.startsWith('$.claim')) continue
      count += 1
      try {
        const { verdict } = verifyFraudProof(value)
        assert.notEqual(verdict, 'dishonest', `${path} ${JSON.stringify(value)}`)
      } catch (error) {
        if (!isHeddleError(error)) throw error
        assert.notEqual(error.code, 'internal')
      }
    }
    assert.ok(count > 500, `${count} mutations`)
  })
}

test('parts that are another kind, or of another honest job, do not convict', () => {
  const files = honestFiles()
  const kinds = files.map(({ kind }) => kind)
  const second = exampleOf({ seed: 3, positions: 2, topK: 2, receipt: { sequence: '2', charged: '106' } })
  const parts: Record<string, unknown> = { receipt: second.signed, head: second.open(0), leaf: second.open(1) }
  for (const file of files) {
    for (const kind of kinds) assert.notEqual(outcome({ ...file, kind }), 'dishonest')
    for (const [name, part] of Object.entries(parts)) {
      if (name in file) assert.notEqual(outcome({ ...file, [name]: part }), 'dishonest', `${file.kind} ${name}`)
    }
  }
})

function outcome(json: unknown): string {
  try {
    return verifyFraudProof(json).verdict
  } catch (error) {
    if (isHeddleError(error)) return error.code
    throw error
  }
}

test('a file that names another provider than the one that signed is refused', () => {
  for (const file of honestFiles()) {
    assert.equal(outcome({ ...file, provider: signerOf(new Uint8Array(32).fill(9)).address }), 'receipt_signer')
  }
})

test('a file has one form: a name twice, other numbers, other orders, text after it', () => {
  const [file] = honestFiles()
  const text = writeFraudProof(file!)
  const { chainId } = exampleOf().signed.receipt
  for (const other of [
    text.replace('{"head"', '{"version":1,"head"'),
    text.replace('"version":1', '"version":1,"version":1'),
    text.replace(`"chainId":${chainId}`, `"chainId":${chainId}.0`),
    text.replace(`"chainId":${chainId}`, `"chainId":1,"chainId":${chainId}`),
    text.replace('"kind"', '"\\u006bind"'),
    text.replace(',', ', '),
    JSON.stringify({ version: 1, ...file }),
    `${text}{}`,
    `\ufeff${text}x`,
    text.slice(0, -1),
    '',
    'null',
    '[]',
  ]) {
    assert.notEqual(other, text)
    assert.throws(() => readFraudProof(other), isMalformed, other.slice(0, 60))
  }
})

test('a file that is too long, nests too deep or has a leaf above all bounds is refused', () => {
  const [file] = honestFiles()
  assert.throws(() => readFraudProof(' '.repeat(MAX_FRAUD_PROOF + 1)), isMalformed)
  assert.throws(() => readFraudProof('['.repeat(200_000)), isMalformed)
  const nested = (levels: number) => {
    const {
      signed: receipt,
      provider,
      job,
      open,
    } = exampleOf({
      positions: 0,
      spec: { deep: JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as unknown },
    })
    return canonical({ version: 1, kind: 'foreign-seed', provider, receipt, job, head: open(0) })
  }
  assert.equal(verifyFraudProof(readFraudProof(nested(32))).verdict, 'honest', 'as deep as a provider takes')
  assert.throws(() => readFraudProof(nested(80)), isMalformed)
  const long = { ...file, leaf: { ...(file!['leaf'] as EvidenceLeaf), leaf: `0x${'00'.repeat(131_073)}` } }
  assert.throws(() => verifyFraudProof(long), isMalformed)
  const example = exampleOf({ positions: 0, spec: { prompt: 'x'.repeat(MAX_FRAUD_PROOF) } })
  const { signed: receipt, provider, job } = example
  assert.throws(
    () => writeFraudProof({ version: 1, kind: 'foreign-seed', provider, receipt, job, head: example.open(0) }),
    isMalformed,
  )
})

test('a job that nests without end is refused, and does not run out of stack', () => {
  const { signed: receipt, provider, open, job } = exampleOf()
  let deep: unknown = 1
  for (let i = 0; i < 200_000; i++) deep = [deep]
  const proof = { version: 1, kind: 'foreign-seed', provider, receipt, head: open(0), job: { ...job, spec: { deep } } }
  assert.throws(
    () => verifyFraudProof(proof),
    error => isHeddleError(error) && error.code !== 'internal',
  )
})

test('anything else is refused', () => {
  fc.assert(
    fc.property(fc.anything(), json => {
      assert.throws(() => verifyFraudProof(json), isMalformed)
    }),
  )
  fc.assert(
    fc.property(fc.string(), text => {
      assert.throws(() => readFraudProof(text), isMalformed)
    }),
  )
})

test('an unsigned change of a receipt is not a second story', () => {
  const { signed, provider } = exampleOf()
  const changed = { ...signed, receipt: { ...signed.receipt, charged: '54' } }
  const proof = (other: unknown) => ({ version: 1, kind: 'equivocation', provider, receipts: [signed, other] })
  assert.equal(outcome(proof(changed)), 'receipt_signature')
  assert.equal(outcome(proof(signReceipts([changed.receipt], EXAMPLE_PROVIDER)[0]!)), 'dishonest')
})
