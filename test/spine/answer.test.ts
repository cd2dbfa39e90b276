import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSnapshot, type Snapshot } from '@heddle/ledger'
import { type Reconciliation, reconcile } from '@heddle/payments'
import type { Address } from '@heddle/protocol'
import { verifyReceipt } from '@heddle/protocol'
import OpenAI from 'openai'
import { call } from '../../apps/cli/src/call.ts'
import { ledgerFile } from '../../apps/cli/src/home/index.ts'
import { claimAll } from '../../apps/cli/src/up/first-question.ts'
import type { House } from '../../apps/cli/src/up/start.ts'
import { type ChatAnswer, chat, readBooks, reconcileHouse, startTestHouse } from '../house.ts'

test('an OpenAI client is answered, paid for, receipted and settled', async t => {
  const house = await startTestHouse(t)
  const { run } = house
  const client = new OpenAI({ baseURL: `${run.gateway.url}/v1`, apiKey: house.apiKey })

  await t.test('whole and streamed, with the same receipt mechanics', async () => {
    const models = await client.models.list()
    assert.deepEqual(
      models.data.map(model => model.id),
      [house.model.name],
    )
    const whole = await client.chat.completions.create({
      model: house.model.name,
      messages: [{ role: 'user', content: 'Name three colours.' }],
      max_tokens: 24,
    })
    assert.ok(whole.choices[0]!.message.content!.length > 0)
    const stream = await client.chat.completions.create({
      model: house.model.name,
      messages: [{ role: 'user', content: 'Tell me a long story.' }],
      max_tokens: 200,
      stream: true,
      stream_options: { include_usage: true },
    })
    let text = ''
    let completion = 0
    for await (const event of stream) {
      text += event.choices[0]?.delta.content ?? ''
      completion = event.usage?.completion_tokens ?? completion
    }
    assert.ok(completion > 64, `${completion} tokens: more than one chunk`)
    assert.ok(text.length > 100)
  })

  await t.test('the receipt verifies against the pinned key alone', async () => {
    const response = await chat(house, { messages: [{ role: 'user', content: 'Hello!' }], max_tokens: 16 })
    assert.equal(response.status, 200)
    const { heddle, usage } = (await response.json()) as ChatAnswer
    assert.equal(response.headers.get('x-heddle-receipt'), heddle.receipt)
    const stored = await call<{ receipt: unknown }>(`${run.gateway.url}/heddle/1/receipts/${heddle.receipt}`)
    const { receipt } = verifyReceipt(stored.receipt, heddle.provider as Address)
    assert.equal(receipt.charge, heddle.charge)
    assert.deepEqual(receipt.usage, {
      prompt: String(usage.prompt_tokens),
      cached: '0',
      completion: String(usage.completion_tokens),
    })
  })

  await t.test('providers claim, the chain settles, and the books agree', async () => {
    const before = await call<{ channels: { charged: string }[] }>(`${run.gateway.url}/heddle/1/channels`, {
      token: run.adminToken,
    })
    const charged = before.channels.reduce((sum, channel) => sum + BigInt(channel.charged), 0n)
    const claims = await claimAll(run)
    assert.equal(
      claims.reduce((sum, claim) => sum + BigInt(claim.settled), 0n),
      charged,
    )
    const result = await reconcileHouse(house)
    assert.deepEqual(result.findings, [])
    assert.ok(result.rows > 20)
  })

  await t.test('altering any single column of any row turns reconcile red', async () => {
    const books = await readBooks(house)
    const check = (gateway: Snapshot, providers: readonly Snapshot[]): Promise<Reconciliation> =>
      reconcile(
        { name: 'gateway', ledger: gateway },
        providers.map((ledger, i) => ({ ...books.providers[i]!, ledger })),
        books.witness,
      )
    const ledgers = [books.gateway.ledger, ...books.providers.map(one => one.ledger)]
    let altered = 0
    for (const [at, ledger] of ledgers.entries()) {
      for (const [changed, place] of alterations(ledger)) {
        const all = ledgers.map((one, i) => (i === at ? changed : one))
        const result = await check(all[0]!, all.slice(1))
        assert.equal(result.green, false, `ledger ${at}: ${place} was altered and nobody noticed`)
        altered += 1
      }
    }
    assert.ok(altered > 150, `${altered} alterations`)
  })

  await t.test(
    'a ledger without its other side is green, says so, and altering a row of it is red all the same',
    async () => {
      const { gateway, providers, witness } = await readBooks(house)
      const nothing = Object.fromEntries(
        Object.keys(gateway.ledger).map(table => [table, table === 'facts' ? gateway.ledger.facts : []]),
      ) as unknown as Snapshot
      const elsewhere = { name: 'gateway', address: providers[0]!.address, ledger: nothing }
      const sides: [Snapshot, (ledger: Snapshot) => Promise<Reconciliation>][] = [
        [gateway.ledger, ledger => reconcile({ ...gateway, ledger }, [], witness)],
        ...providers.map((one): (typeof sides)[number] => [
          one.ledger,
          ledger => reconcile(elsewhere, [{ ...one, ledger }], witness),
        ]),
      ]
      for (const [ledger, check] of sides) {
        const { findings, apart } = await check(ledger)
        assert.deepEqual(findings, [])
        const told = new Set(apart.map(({ row }) => row))
        for (const { id, charged } of ledger.channels) assert.ok(told.has(id) || charged === 0n, id)
        const unused = ledger.channels.map((row, i) => (row.charged === 0n ? `channels[${i}].counterparty` : ''))
        for (const [changed, place] of alterations(ledger)) {
          // Whose a channel is, on which nothing was ever asked, is written nowhere else.
          if (unused.includes(place)) continue
          assert.equal((await check(changed)).green, false, `${place} was altered and nobody noticed`)
        }
      }
    },
  )
})

/** Every ledger that differs from this one in one column of one row. */
function* alterations(ledger: Snapshot): Generator<[Snapshot, string]> {
  for (const [table, rows] of Object.entries(ledger)) {
    for (const [i, row] of rows.entries()) {
      for (const [column, value] of Object.entries(row)) {
        const changed = rows.map((one, j) => (i === j ? { ...one, [column]: alter(value) } : one))
        yield [{ ...ledger, [table]: changed } as Snapshot, `${table}[${i}].${column}`]
      }
    }
  }
}

function alter(value: unknown): unknown {
  if (typeof value === 'bigint') return value + 1n
  if (typeof value === 'number') return value + 1
  if (value === null) return 'x'
  if (typeof value === 'string') return value.endsWith('0') ? `${value.slice(0, -1)}1` : `${value.slice(0, -1)}0`
  const bytes = Uint8Array.from(value as Uint8Array)
  if (bytes.length === 0) return Uint8Array.of(1)
  bytes[0] = bytes[0]! ^ 1
  return bytes
}

test('a second start resumes with the same balances, channels and receipts', async t => {
  const house = await startTestHouse(t)
  const answer = await chat(house, { messages: [{ role: 'user', content: 'Name three colours.' }], max_tokens: 16 })
  const { heddle } = (await answer.json()) as ChatAnswer
  const read = async ({ gateway, adminToken }: House['run']) =>
    (await call<{ channels: unknown[] }>(`${gateway.url}/heddle/1/channels`, { token: adminToken })).channels
  const before = await read(house.run)
  await house.stop()
  const again = await startTestHouse(t, { home: house.home })
  assert.deepEqual(await read(again.run), before)
  assert.equal(again.apiKey, house.apiKey)
  const receipts = readSnapshot(ledgerFile(house.home, 'gateway')).receipts
  assert.deepEqual(
    receipts.map(row => row.id),
    [heddle.receipt],
  )
  assert.deepEqual((await reconcileHouse(again)).findings, [])
})
