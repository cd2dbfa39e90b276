import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Ledger, Row } from '@heddle/ledger'
import { type Digest, HeddleError } from '@heddle/protocol'
import { fixture, quiet } from '@heddle/testing'
import { Lost } from './lost.ts'

const { wordOf } = fixture
const channel = wordOf(1)
const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise(setImmediate)
}

/** A provider that knows what became of some jobs, or does not answer. */
function setup(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const known = new Set<Digest>()
  const states = new Map<Digest, Row<'jobs'>['state']>()
  const ledger = {
    read: async (_: string, { where }: { where: { id: Digest } }) => [{ state: states.get(where.id) ?? 'running' }],
  } as unknown as Ledger
  const provider = { answers: true, lies: false, asked: 0 }
  const lost = new Lost({
    ledger,
    log: quiet,
    async recover() {
      provider.asked += 1
      if (!provider.answers) throw new Error('unreachable')
      if (provider.lies) throw new HeddleError('receipt_mismatch', 'another output')
      for (const id of known) states.set(id, 'done')
      return known.size
    },
  })
  t.after(() => lost.close())
  const settled: Digest[] = []
  const lose = (...ids: Digest[]): void => {
    for (const id of ids) lost.add({ id, channel }, () => void settled.push(id))
  }
  const pass = async (milliseconds: number): Promise<void> => {
    t.mock.timers.tick(milliseconds)
    await turns()
  }
  return { lost, lose, known, settled, provider, pass }
}

test('jobs of one channel are asked for together, and let go once it is known what they cost', async t => {
  const { lost, lose, known, settled, provider, pass } = setup(t)
  const ids = [wordOf(2), wordOf(3), wordOf(4)]
  lose(...ids)
  known.add(ids[0]!)
  known.add(ids[2]!)
  await pass(50)
  assert.deepEqual([settled, provider.asked, lost.size], [[ids[0], ids[2]], 1, 1])
  known.add(ids[1]!)
  await pass(250)
  assert.deepEqual([settled.length, lost.size], [3, 0])
  await pass(600_000)
  assert.equal(provider.asked, 2, 'nothing is asked for that is known')
})

test('what a provider that went away owes to tell is held until it is back, however long that takes', async t => {
  const { lost, lose, known, settled, provider, pass } = setup(t)
  provider.answers = false
  lose(wordOf(2))
  known.add(wordOf(2))
  for (let i = 0; i < 30; i++) await pass(30_000)
  assert.deepEqual([settled, lost.size], [[], 1])
  assert.ok(provider.asked > 20)
  provider.answers = true
  await pass(30_000)
  assert.deepEqual([settled, lost.size], [[wordOf(2)], 0])
})

test('of a provider that is not believed any more nothing is held: what it says is not paid', async t => {
  const { lost, lose, settled, provider, pass } = setup(t)
  provider.lies = true
  lose(wordOf(2), wordOf(3))
  await pass(50)
  assert.deepEqual([settled, lost.size], [[wordOf(2), wordOf(3)], 0])
  await pass(600_000)
  assert.equal(provider.asked, 1)
})

test('a job that is lost while its provider is seldom asked is looked for soon, and not more often for being many', async t => {
  const { lose, known, settled, provider, pass } = setup(t)
  provider.answers = false
  lose(wordOf(2))
  for (let i = 0; i < 20; i++) await pass(30_000)
  provider.answers = true
  for (let i = 3; i < 9; i++) known.add(wordOf(i))
  const { asked } = provider
  for (let i = 3; i < 9; i++) {
    lose(wordOf(i))
    await pass(100)
  }
  assert.equal(provider.asked, asked)
  await pass(1_000)
  assert.equal(provider.asked, asked + 1)
  assert.equal(settled.length, 6)
})
