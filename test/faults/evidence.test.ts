import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  evidenceRoot,
  fromHex,
  type Hex,
  isHeddleError,
  openLeaf,
  randomBytes,
  signerOf,
  signRead,
  verifyReceipt,
} from '@heddle/protocol'
import { openFunded, post, receiptsOf, type Stage, startStage, stateOf } from './stage.ts'

const leaves = [Uint8Array.of(0, 1, 2), Uint8Array.of(1, 1), new Uint8Array(2_000).fill(7)]

/** Asks for the evidence of a job as its payer, or as whoever signs. */
async function evidenceOf({ url, payer }: Stage, id: Hex, query = '', signer = payer.signer) {
  const read = signRead(payer.domain, payer.id, signer)
  const headers = { authorization: `Heddle ${read}` }
  const response = await fetch(`${url}/heddle/1/jobs/${id}/evidence${query}`, { headers })
  const body = (await response.json()) as { leaves: Hex[]; leaf: Hex; path: unknown; error: { code: string } }
  return { status: response.status, ...body }
}

async function ran(stage: Stage) {
  await openFunded(stage, 10_000n, 1_000n)
  const { receipt } = await post(stage, stage.payer.job({}, 20))
  return verifyReceipt(receipt, stage.provider.address).receipt
}

test('a receipt binds what the worker kept, and its payer can have all of it, or one leaf and its path', async t => {
  const stage = await startStage(t, { script: { tokens: 5, evidence: leaves } })
  const { id, evidence } = await ran(stage)
  assert.equal(evidence, evidenceRoot(leaves))
  const all = await evidenceOf(stage, id)
  assert.deepEqual(
    all.leaves.map(leaf => [...fromHex(leaf)]),
    leaves.map(leaf => [...leaf]),
  )
  const one = await evidenceOf(stage, id, '?leaf=2')
  assert.equal(openLeaf(evidence!, fromHex(one.leaf), one.path).index, 2)
})

test('while nothing is served, what was done is told, and channels are paid: silence would look like withholding', async t => {
  let ahead = 0
  const clock = { now: () => Date.now() + ahead }
  const stage = await startStage(t, { script: { tokens: 5, evidence: leaves }, clock })
  const { payer, worker, url, provider } = stage
  await openFunded(stage, 10_000n, 1_000n)
  const job = payer.job({}, 20)
  const first = await post(stage, job)
  const { id } = verifyReceipt(first.receipt, provider.address).receipt
  worker.script.gone = true
  // Offers are made anew.
  ahead = 301_000
  const { offers } = (await (await fetch(`${url}/heddle/1/offers`)).json()) as { offers: unknown[] }
  assert.deepEqual(offers, [])
  assert.deepEqual(
    (await receiptsOf(stage)).map(({ receipt }) => receipt.receipt.id),
    [id],
  )
  assert.equal((await evidenceOf(stage, id)).leaves.length, leaves.length)
  const authorization = `Heddle ${signRead(payer.domain, payer.id, payer.signer)}`
  assert.equal((await fetch(`${url}/heddle/1/jobs/${id}`, { headers: { authorization } })).status, 200)
  assert.deepEqual(await post(stage, job), first, 'asked again, it is answered from what is stored')
  await payer.put(`/heddle/1/channels/${payer.id}/voucher`, payer.voucher(2_000n))
  await openFunded(stage, 500n, 3_000n)
  const { ceiling, balance } = await stateOf(stage)
  assert.deepEqual([ceiling, balance], ['3000', '10500'])
  // A new job is another matter.
  await assert.rejects(post(stage, payer.job({}, 20)), error => isHeddleError(error, 'engine_down'))
  await assert.rejects(receiptsOf({ ...stage, payer: { ...payer, signer: signerOf(randomBytes(32)) } }), error =>
    isHeddleError(error, 'read_refused'),
  )
})

test('nobody else can, and what is not there is said not to be', async t => {
  const stage = await startStage(t, { script: { tokens: 5, evidence: leaves } })
  const { id } = await ran(stage)
  const stranger = await evidenceOf(stage, id, '', signerOf(randomBytes(32)))
  assert.deepEqual([stranger.status, stranger.error.code], [401, 'read_refused'])
  for (const query of ['?leaf=3', '?leaf=-1', '?leaf=x', '?leaf='])
    assert.equal((await evidenceOf(stage, id, query)).error.code, 'bad_request', query)
  assert.equal((await evidenceOf(stage, `0x${'11'.repeat(32)}`)).error.code, 'job_unknown')
})

test('a worker that kept nothing, and a job that was cut, bind nothing', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const { id, evidence } = await ran(stage)
  assert.equal(evidence, null)
  assert.equal((await evidenceOf(stage, id)).error.code, 'evidence_unknown')
  const cut = await startStage(t, {
    script: { tokens: 200, evidence: leaves },
    devnet: stage.devnet,
    patience: 50,
  })
  await openFunded(cut, 10_000n, 1_000n)
  const { receipt } = verifyReceipt((await post(cut, cut.payer.job({}, 200))).receipt, cut.provider.address)
  assert.deepEqual([receipt.finish, receipt.evidence], ['interrupted', null])
})
