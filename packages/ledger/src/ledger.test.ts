import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import fc from 'fast-check'
import { openSqliteLedger, put, type Row, readSnapshot } from './index.ts'

async function setup(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-ledger-'))
  const file = join(directory, 'ledger.db')
  const ledger = await openSqliteLedger(file)
  t.after(async () => {
    await ledger.close().catch(() => undefined)
    rmSync(directory, { recursive: true, force: true })
  })
  return { ledger, file }
}

const key = (id: string, spent = 0n): Row<'keys'> => ({
  id,
  name: 'a key',
  cap: 10n ** 30n,
  spent,
  created: 1,
  terms: '',
  grant: '0x',
})
const receipt = (id: string, sequence: number): Row<'receipts'> => ({
  id,
  channel: '0xc',
  sequence,
  charge: 1n,
  apiKey: null,
  signed: '{}',
})

test('what is committed is read back, by this daemon and by a reader beside it', async t => {
  const { ledger, file } = await setup(t)
  await ledger.commit(put('keys', key('a')), put('keys', key('b', 5n)))
  assert.deepEqual(await ledger.read('keys', { where: { id: 'b' } }), [key('b', 5n)])
  assert.deepEqual(readSnapshot(file).keys, [key('a'), key('b', 5n)])
})

test('any row survives the way to the file and back', async t => {
  const { ledger } = await setup(t)
  const rows = fc.record(
    {
      id: fc.string({ minLength: 1 }),
      channel: fc.string(),
      apiKey: fc.option(fc.string(), { nil: null }),
      state: fc.constantFrom('running', 'done', 'failed'),
      request: fc.string(),
      offer: fc.string(),
      used: fc.string(),
      output: fc.uint8Array(),
      started: fc.nat(),
      updated: fc.nat(),
    },
    { noNullPrototype: true },
  )
  const printable = (text: string) => !/[\0\ud800-\udfff]/.test(text)
  await fc.assert(
    fc.asyncProperty(rows, async row => {
      fc.pre(Object.values(row).every(value => typeof value !== 'string' || printable(value)))
      await ledger.commit(put('jobs', row))
      assert.deepEqual(await ledger.read('jobs', { where: { id: row.id } }), [row])
    }),
    { numRuns: 50 },
  )
})

test('a commit is all or nothing, and takes what waits behind it along', async t => {
  const { ledger } = await setup(t)
  let failures = 0
  ledger.onFailure(() => failures++)
  await ledger.commit(put('receipts', receipt('r1', 1)))
  const twice = ledger.commit(put('keys', key('k')), put('receipts', receipt('r2', 1)))
  const behind = ledger.commit(put('keys', key('l')))
  await assert.rejects(twice, error => isHeddleError(error, 'ledger_failed'))
  await assert.rejects(behind, error => isHeddleError(error))
  assert.equal(failures, 1)
  assert.deepEqual(await ledger.read('keys'), [])
  await ledger.commit(put('keys', key('m')))
  assert.equal((await ledger.read('keys')).length, 1)
})

test('commits that wait together share one transaction', async t => {
  const { ledger } = await setup(t)
  await Promise.all(Array.from({ length: 200 }, (_, i) => ledger.commit(put('keys', key(`k${i}`)))))
  const { commits, groups } = ledger.counters()
  assert.equal(commits, 200)
  assert.ok(groups < 20, `${groups} groups`)
})

test('a ledger of a newer schema is refused', async t => {
  const { ledger, file } = await setup(t)
  await ledger.close()
  const database = new DatabaseSync(file)
  database.exec('PRAGMA user_version = 999')
  database.close()
  await assert.rejects(openSqliteLedger(file), error => isHeddleError(error, 'ledger_newer'))
})

test('a second daemon on the same ledger is refused', async t => {
  const { file } = await setup(t)
  await assert.rejects(openSqliteLedger(file), error => isHeddleError(error, 'ledger_locked'))
})

test('whoever closes a ledger that is being closed is told when it has been', async t => {
  const { ledger, file } = await setup(t)
  const commits = Array.from({ length: 50 }, (_, i) => ledger.commit(put('facts', { name: `${i}`, value: 'x' })))
  void ledger.close()
  await ledger.close()
  await Promise.all(commits)
  const next = await openSqliteLedger(file)
  assert.equal((await next.read('facts')).length, 50)
  await next.close()
})

test('a full disk is said to be one, and nothing of the commit stays', async t => {
  const { ledger, file } = await setup(t)
  await ledger.close()
  const database = new DatabaseSync(file)
  database.exec(`PRAGMA journal_mode = DELETE; CREATE TRIGGER full BEFORE INSERT ON keys WHEN new.id = 'full'
    BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`)
  database.close()
  const again = await openSqliteLedger(file)
  t.after(() => again.close())
  await assert.rejects(again.commit(put('keys', key('a')), put('keys', key('full'))), error =>
    isHeddleError(error, 'disk_full'),
  )
  assert.deepEqual(await again.read('keys'), [])
})

test('a text that many rows hold is stored once, and every row reads it back', async t => {
  const { ledger, file } = await setup(t)
  const offers = ['{"price":1}', '{"price":2}']
  const job = (i: number): Row<'jobs'> => ({
    id: `0x${i}`,
    channel: '0xc',
    apiKey: null,
    state: 'done',
    request: '{}',
    offer: offers[i % 2]!,
    used: '{}',
    output: new Uint8Array(0),
    started: i,
    updated: i,
  })
  for (let i = 0; i < 10; i++) await ledger.commit(put('jobs', job(i)))
  assert.deepEqual(
    await ledger.read('jobs', { order: { by: 'started' } }),
    Array.from({ length: 10 }, (_, i) => job(i)),
  )
  const { texts, jobs } = readSnapshot(file)
  assert.deepEqual(texts.map(row => row.text).sort(), [...offers].sort())
  assert.equal(jobs.length, 10)
})

test('after a commit that failed, its shared text is stored by the next', async t => {
  const { ledger, file } = await setup(t)
  const job = {
    id: '0x1',
    channel: '0xc',
    apiKey: null,
    state: 'done',
    request: '{}',
    used: '{}',
    started: 1,
    updated: 1,
  }
  const good = { ...job, offer: '{"price":3}', output: new Uint8Array(0) }
  await assert.rejects(ledger.commit(put('jobs', good), put('facts', { name: 'x' } as never)))
  await ledger.commit(put('jobs', good))
  assert.deepEqual(readSnapshot(file).jobs, [good])
})

test('rows come after a place, in the order in which they were first stored, or after a value', async t => {
  const { ledger } = await setup(t)
  const store = (id: string, sequence: number) => ledger.commit(put('receipts', receipt(id, sequence)))
  await store('c', 3)
  await store('a', 2)
  await store('b', 1)
  await store('c', 4)
  const ids = async (query: Parameters<typeof ledger.read<'receipts'>>[1]) =>
    (await ledger.read('receipts', query)).map(row => row.id)
  assert.deepEqual(await ids({ after: { by: 'stored', value: 0 } }), ['c', 'a', 'b'])
  assert.deepEqual(await ids({ after: { by: 'stored', value: 1 }, limit: 1 }), ['a'])
  assert.deepEqual(await ids({ after: { by: 'stored', value: 3 } }), [])
  assert.deepEqual(await ids({ after: { by: 'sequence', value: 1 } }), ['a', 'c'])
  assert.deepEqual(await ids({ where: { channel: '0xc', id: 'c' }, after: { by: 'sequence', value: 1 } }), ['c'])
})
