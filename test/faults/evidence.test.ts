import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type ErrorCode,
  evidenceRoot,
  fromHex,
  type Hex,
  isHeddleError,
  openLeaf,
  verifyReceipt,
} from '@heddle/protocol'
import { anybodyAt, openFunded, post, receiptsOf, type Stage, startStage, stateOf } from './stage.ts'

const leaves = [Uint8Array.of(0, 1, 2), Uint8Array.of(1, 1), new Uint8Array(2_000).fill(7)]

const is = (code: ErrorCode) => (error: unknown) => isHeddleError(error, code)

type Told = { leaves: Hex[]; leaf: Hex; path: unknown }

/** Asks for the evidence of a job as its payer, or as somebody else; of one leaf, where it is named. */
const evidenceOf = async ({ payer }: Stage, id: Hex, leaf?: number, as = payer.link): Promise<Told> =>
  (await as.call('evidence', { id, ...(leaf === undefined ? {} : { leaf }) })) as Told

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
  const one = await evidenceOf(stage, id, 2)
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
  assert.deepEqual(await payer.link.call('state', { id }), { state: 'done' })
  assert.deepEqual(await post(stage, job), first, 'asked again, it is answered from what is stored')
  await payer.raise(payer.voucher(2_000n))
  await openFunded(stage, 500n, 3_000n)
  const { ceiling, balance } = await stateOf(stage)
  assert.deepEqual([ceiling, balance], ['3000', '10500'])
  // A new job is another matter.
  await assert.rejects(post(stage, payer.job({}, 20)), error => isHeddleError(error, 'engine_down'))
  const stranger = anybodyAt(url, stage.domain)
  await assert.rejects(receiptsOf({ payer: { ...payer, link: stranger } }), error =>
    isHeddleError(error, 'read_refused'),
  )
})

test('nobody else can, and what is not there is said not to be', async t => {
  const stage = await startStage(t, { script: { tokens: 5, evidence: leaves } })
  const { id } = await ran(stage)
  const { payer, url, domain } = stage
  await assert.rejects(evidenceOf(stage, id, undefined, anybodyAt(url, domain)), is('read_refused'))
  for (const leaf of [3, -1, 0.5, 'x', '', null])
    await assert.rejects(payer.link.call('evidence', { id, leaf }), is('bad_request'), `${leaf}`)
  await assert.rejects(evidenceOf(stage, `0x${'11'.repeat(32)}`), is('job_unknown'))
})

test('a worker that kept nothing, and a job that was cut, bind nothing', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const { id, evidence } = await ran(stage)
  assert.equal(evidence, null)
  await assert.rejects(evidenceOf(stage, id), is('evidence_unknown'))
  const cut = await startStage(t, {
    script: { tokens: 200, evidence: leaves },
    devnet: stage.devnet,
    patience: 50,
  })
  await openFunded(cut, 10_000n, 1_000n)
  const { receipt } = verifyReceipt((await post(cut, cut.payer.job({}, 200))).receipt, cut.provider.address)
  assert.deepEqual([receipt.finish, receipt.evidence], ['interrupted', null])
})
