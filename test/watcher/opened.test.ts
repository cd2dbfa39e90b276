import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { put, readOne } from '@heddle/ledger'
import { evidenceRoot, type Hex, isHeddleError, type SignedOffer, signerOf, signOffer, utf8 } from '@heddle/protocol'
import { readOpened } from '@heddle/sdk'
import { prover } from '@heddle/workloads/proofs'
import { API_KEY, answered, question, startGatewayStage } from '../faults/gateway-stage.ts'
import { startStage } from '../faults/stage.ts'
import { CHEATS, type Cheat, telling } from './told.ts'

/** A provider that tells, behind a gateway; `open` is what its owner, or a key, is told of a receipt. */
async function setup(t: TestContext, cheats: () => Cheat | undefined = () => undefined) {
  const stage = await startStage(t, { script: telling(40, cheats) })
  const gateway = await startGatewayStage(t, [stage])
  const ask = async (over: Record<string, unknown> = {}): Promise<Hex> =>
    (await answered(await gateway.ask(question({ max_tokens: 40, ...over })))).heddle.receipt as Hex
  const read = (id: string, authorization = 'Bearer admin'): Promise<Response> =>
    fetch(`${gateway.url}/heddle/1/receipts/${id}/evidence`, { headers: { authorization } })
  const open = async (id: string) => readOpened(await (await read(id)).json(), stage.provider.address)
  return { stage, gateway, ask, read, open, address: stage.provider.address }
}

test('a receipt opens: its job, its output, and leaves that lead to what it names', async t => {
  const { ask, open, address } = await setup(t)
  const id = await ask()
  const { answered: answer, problem } = await open(id)
  const { receipt } = answer.receipt
  assert.equal(problem, undefined)
  assert.equal(receipt.id, id)
  assert.deepEqual(answer.output, utf8('wov '.repeat(40)))
  assert.equal(evidenceRoot(answer.leaves!), receipt.evidence)
  const { verdicts, proof } = prover.prove(answer, address)
  assert.equal(proof, undefined)
  assert.deepEqual([...new Set(verdicts.map(({ verdict }) => verdict))], ['honest'])
  assert.deepEqual(
    new Set(verdicts.map(one => one.proof)),
    new Set(['wrong-model', 'malformed', 'overcount', 'foreign-seed', 'redraw']),
  )
})

for (const cheat of CHEATS) {
  test(`a provider that cheats by ${cheat} has signed the proof of it`, async t => {
    const { ask, open, address } = await setup(t, () => cheat)
    const { answered: answer } = await open(await ask({ temperature: 0.9 }))
    const { proof } = prover.prove(answer, address)
    assert.equal(proof?.kind, cheat)
    const { verdict, provider } = prover.verify(JSON.parse(JSON.stringify(proof)))
    assert.deepEqual([verdict, provider], ['dishonest', address])
  })
}

test('only the owner and the key that paid may open a receipt', async t => {
  const { ask, read, gateway } = await setup(t)
  const id = await ask()
  assert.equal((await read(id, `Bearer ${API_KEY}`)).status, 200)
  const { authorization } = await gateway.key({ name: 'other' })
  assert.equal((await read(id, authorization)).status, 404)
  assert.equal((await read(id, 'Bearer nobody')).status, 401)
  assert.equal((await read(`0x${'11'.repeat(32)}`)).status, 404)
})

test('a provider that sleeps, keeps nothing, or tells of another job is no culprit: each with its code', async t => {
  const { stage, ask, open, address } = await setup(t)
  const [id, other] = [await ask(), await ask({ temperature: 0.9 })]
  const problemOf = async (): Promise<string | undefined> => {
    const { answered: answer, problem } = await open(id)
    assert.equal(answer.leaves, undefined)
    // What needs no evidence is tried all the same.
    const { verdicts } = prover.prove(answer, address)
    assert.deepEqual(
      verdicts.map(({ proof, verdict }) => `${proof} ${verdict}`),
      ['wrong-model honest'],
    )
    return problem?.code
  }
  const kept = (await readOne(stage.ledger, 'evidence', { id }))!
  const foreign = (await readOne(stage.ledger, 'evidence', { id: other }))!
  await stage.ledger.commit(put('evidence', { ...foreign, id }))
  assert.equal(await problemOf(), 'evidence_path')
  await stage.ledger.commit({ expire: 'evidence', before: Number.MAX_SAFE_INTEGER })
  assert.equal(await problemOf(), 'evidence_withheld')
  await stage.ledger.commit(put('evidence', kept))
  assert.equal((await open(id)).problem, undefined)
  await stage.stopProvider()
  assert.equal(await problemOf(), 'evidence_withheld')
})

test('whoever reads what a gateway tells takes nothing on its word', async t => {
  const { stage, ask, read, address } = await setup(t)
  const [id, other] = [await ask(), await ask()]
  const json = (await (await read(id)).json()) as Record<string, unknown>
  const foreign = (await (await read(other)).json()) as Record<string, unknown>
  const offer = json['offer'] as SignedOffer
  const renewed = { ...offer.offer, expires: offer.offer.expires + 1 }
  const cases = [
    [{ ...json, job: foreign['job'] }, 'receipt_mismatch'],
    [{ ...json, output: Buffer.from('other').toString('base64') }, 'receipt_mismatch'],
    [{ ...json, leaves: foreign['leaves'] }, 'evidence_path'],
    [{ ...json, leaves: [] }, 'evidence_path'],
    [{ ...json, offer: { ...offer, offer: renewed } }, 'offer_invalid'],
    [{ ...json, offer: signOffer(renewed, signerOf(stage.keys.receipt)) }, 'receipt_mismatch'],
    [{ ...json, receipt: {} }, 'receipt_malformed'],
    [null, 'receipt_malformed'],
  ] as const
  for (const [told, code] of cases) {
    assert.throws(
      () => readOpened(told, address),
      error => isHeddleError(error, code),
    )
  }
  assert.throws(
    () => readOpened(json, `0x${'11'.repeat(20)}`),
    error => isHeddleError(error, 'receipt_signer'),
  )
  const { leaves: _, ...silent } = json
  assert.equal(readOpened({ ...silent, error: { code: 'internal' } }, address).problem?.code, 'evidence_withheld')
})

test('the feed gives every receipt once, in the order of coming, and no prompt', async t => {
  const { gateway, ask } = await setup(t)
  const ids = [await ask(), await ask(), await ask()]
  const page = async (after: number, limit: number) =>
    (await (await gateway.admin('GET', `/heddle/1/receipts?after=${after}&limit=${limit}`)).json()) as {
      receipts: { id: Hex; name: string; evidence: boolean; settings: Record<string, unknown> }[]
      next: number
    }
  const first = await page(0, 2)
  const rest = await page(first.next, 2)
  assert.deepEqual(
    [...first.receipts, ...rest.receipts].map(one => one.id),
    ids,
  )
  assert.deepEqual([first.next, rest.next, (await page(3, 2)).next], [2, 3, 3])
  const [one] = first.receipts
  assert.deepEqual([one!.name, one!.evidence, one!.settings['maxCompletion']], ['scripted', true, 40])
  assert.ok(!JSON.stringify(first).includes('weave'))
  const asKey = await fetch(`${gateway.url}/heddle/1/receipts`, { headers: { authorization: `Bearer ${API_KEY}` } })
  assert.equal(asKey.status, 403)
})
