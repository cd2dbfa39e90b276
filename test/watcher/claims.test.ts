import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import {
  connect,
  readWitnessed,
  readWitnessedBlock,
  rpc,
  startDevnet,
  verifierAbi,
  verifierAddress,
} from '@heddle/chain'
import { readSnapshot } from '@heddle/ledger'
import { callWitness, Followed, reconcile } from '@heddle/payments'
import { type Hex, type SignedReceipt, signerOf } from '@heddle/protocol'
import type { ClaimTold } from '@heddle/sdk'
import { prover } from '@heddle/workloads/proofs'
import { withoutClaims } from '../../examples/strangers/hosts/blind.ts'
import { heddle } from '../cli/heddle.ts'
import { API_KEY, answered, question, refused, startGatewayStage } from '../faults/gateway-stage.ts'
import { startLying } from '../faults/lying.ts'
import { folder, quiet, type Stage, startStage } from '../faults/stage.ts'
import { until } from '../until.ts'
import { receiptArgument } from '../verdicts/evm.ts'
import { claimCeilings } from './claimed.ts'
import { homeOf } from './home.ts'
import { looksAtChannels, startWatcherStage, TOKENS } from './stage.ts'
import { telling } from './told.ts'

/** Minutes that a test moves clocks by, in milliseconds. */
const minutes = (count: number): number => count * 60_000

/** A provider and a gateway before it, each with a clock that the test sets. */
async function setup(t: TestContext, { blind = false, lies = false } = {}) {
  const ahead = { provider: 0, gateway: 0 }
  const clockOf = (who: keyof typeof ahead) => ({ now: () => Date.now() + ahead[who] })
  const devnet = await startDevnet({ directory: join(folder(t), 'chain'), log: quiet })
  t.after(() => devnet.stop())
  const stage = await startStage(t, {
    devnet,
    script: telling(TOKENS),
    clock: clockOf('provider'),
    ...(blind ? { client: withoutClaims(connect(devnet.url, devnet.chainId)) } : {}),
  })
  const lying = lies ? await startLying(t, stage) : undefined
  const gateway = await startGatewayStage(t, [{ ...stage, ...(lying ? { url: lying.url } : {}) }], {
    clock: clockOf('gateway'),
  })
  const body = question({ max_tokens: TOKENS, temperature: 0.9 })
  const ask = async (): Promise<Hex> => (await answered(await gateway.ask(body))).heddle.receipt as Hex
  const fail = async (): Promise<string> => (await refused(await gateway.ask(body))).code
  /** As the provider claims by itself. */
  const claim = async (): Promise<void> => {
    const headers = { authorization: 'Bearer admin' }
    const response = await fetch(`${stage.url}/heddle/1/admin/claim`, { method: 'POST', headers })
    const { transactions } = (await response.json()) as { transactions: Hex[] }
    assert.ok(transactions.length > 0, 'something was claimed')
  }
  /** All clocks go on, the chain's too; offers are read again. */
  const pass = async (time: number): Promise<void> => {
    ahead.provider += time
    ahead.gateway += time
    await rpc(stage.devnet.url, 'evm_increaseTime', [time / 1_000])
    await gateway.admin('POST', '/heddle/1/admin/recover')
  }
  const claims = async (query = '') =>
    ((await (await gateway.admin('GET', `/heddle/1/claims${query}`)).json()) as { claims: ClaimTold[] }).claims
  return { stage, lying, gateway, ask, fail, claim, claims, pass, ahead, address: stage.provider.address }
}

/** The provider has seen the chain as far as it goes by now. */
async function hasSeenAll({ client, ledger }: Stage): Promise<void> {
  await until(async () => {
    const head = await client.getBlock()
    const [newest] = await ledger.read('blocks', { order: { by: 'number', descending: true }, limit: 1 })
    return newest?.hash === head.hash
  }, 'the provider has seen it')
}

/** Somebody had the chain see what is claimed by now, and the provider has seen it, too. */
async function isWitnessed(stage: Stage, claims: () => Promise<ClaimTold[]>): Promise<void> {
  await until(async () => (await claims()).every(({ claim }) => claim.witnessed !== null), 'the claims are witnessed')
  await hasSeenAll(stage)
}

/** How many claims lie above the last receipt, as the watcher counts them. */
const aboveAt = async ({ url }: { url: string }): Promise<number> =>
  Number(/heddle_claims_above (\d+)/.exec(await (await fetch(`${url}/metrics`)).text())?.[1])

test('a claim above everything charged is told at once, and proven by the first receipt that names a block with it', async t => {
  const { stage, gateway, ask, claims, address } = await setup(t, { blind: true })
  const first = await ask()
  const transaction = await claimCeilings(stage)
  await until(async () => (await claims()).length === 1, 'the claim is seen')
  const told: unknown[][] = []
  const log = { ...quiet, warn: (...line: unknown[]) => void told.push(line) }
  const watcher = await startWatcherStage(t, gateway, { log })
  await until(async () => (await aboveAt(watcher)) === 1, 'it is above')
  await looksAtChannels(watcher)
  const warnings = told.filter(([words]) => words === 'claimed above the last receipt')
  assert.deepEqual(warnings, [
    ['claimed above the last receipt', { provider: address, transaction, claimed: '5000', charged: '410' }],
  ])
  assert.deepEqual(
    (await watcher.checked(1)).map(({ id, verdict }) => [id, verdict]),
    [[first, 'honest']],
    'no guilt yet',
  )

  await isWitnessed(stage, claims)
  const later = await ask()
  const found = (await watcher.checked(3)).find(one => one.source === 'channel')!
  assert.deepEqual([found.id, found.verdict, found.check, found.provider], [later, 'dishonest', 'overcharge', address])
  assert.equal((found.finding as unknown as { facts: Record<string, unknown> }).facts['transaction'], transaction)
  const rate = await watcher.rateOf(address, ({ dishonest }) => dishonest === 1)
  assert.equal(rate.honest, 2)
  const file = readFileSync(join(watcher.directory, 'proofs', `${later}.overcharge.json`), 'utf8')
  const verdict = prover.verify(prover.read(file))
  assert.deepEqual([verdict.verdict, verdict.provider, verdict.receipts], ['dishonest', address, [later]])
  await until(async () => (await aboveAt(watcher)) === 0, 'it is decided')

  await t.test('once: not with the next receipt, and not after a start', async () => {
    await ask()
    await watcher.checked(4)
    await watcher.stop()
    const again = await startWatcherStage(t, gateway, { directory: watcher.directory })
    await looksAtChannels(again)
    assert.equal((await again.checks()).length, 4)
  })

  await t.test('heddle prove writes the same, by the receipt or by the channel', async () => {
    const home = homeOf(t, { stage, gateway })
    const [{ claim }] = (await claims()) as [ClaimTold]
    for (const id of [later, claim.channel]) {
      const out = join(home, `${id}.json`)
      const written = await heddle(home, ['prove', id, '--out', out])
      assert.match(written.out, /✓ overcharge: claimed above everything charged/, written.text)
      const verified = await heddle(home, ['prove', '--verify', out])
      assert.match(verified.out, /✓ proven: overcharge[\s\S]*look it up on the chain/)
    }
    const none = await heddle(home, ['prove', first, '--out', join(home, 'none.json')])
    assert.equal(none.code, 1)
    assert.match(none.out, /overcharge: the receipt names another block/)
    assert.ok(!existsSync(join(home, 'none.json')))
  })
})

test('what convicts here convicts on the chain itself, which is told to remember the block', async t => {
  const { stage, gateway, ask, claims, address } = await setup(t, { blind: true })
  const { client } = stage
  await ask()
  await claimCeilings(stage)
  await until(async () => (await claims()).length === 1, 'the claim is seen')
  await isWitnessed(stage, claims)
  await ask()
  const [{ claim, below }] = (await claims()) as [ClaimTold]
  const { seen } = below!.receipt
  assert.ok(seen!.block >= claim.witnessed!)
  await until(async () => (await readWitnessedBlock(client, seen!.block)) === seen!.hash, 'its block is witnessed')
  const verdict = await client.readContract({
    address: verifierAddress(client.chainId),
    abi: verifierAbi,
    functionName: 'overcharge',
    args: [receiptArgument(below!), BigInt(claim.totalClaimed)],
  })
  assert.deepEqual([verdict[0], verdict[1].toLowerCase()], [true, address])

  await t.test('each thing once, and the books know what it was for', async () => {
    const read = () => gateway.ledger.read('transactions')
    // The chain has it before its sender has looked.
    await until(async () => (await read()).every(({ state }) => state !== 'sent'), 'what was sent is in a block')
    const sent = (await read()).sort((one, other) => one.nonce - other.nonce)
    assert.deepEqual(
      sent.map(({ purpose, state }) => [purpose, state]),
      [
        [JSON.stringify({ witness: claim.channel }), 'mined'],
        [JSON.stringify({ witnessBlock: seen!.block }), 'mined'],
      ],
    )
    await gateway.stop()
    const payer = { name: 'gateway', ledger: readSnapshot(join(gateway.directory, 'gateway.db')) }
    const witness = await callWitness(client, stage.devnet.token, [payer.ledger])
    const { findings } = await reconcile(payer, [], witness)
    assert.deepEqual(
      findings.filter(({ table }) => table === 'transactions'),
      [],
    )
  })
})

test('a claim that its receipt reaches costs nobody a transaction', async t => {
  const { gateway, ask, claim, claims, stage } = await setup(t)
  await ask()
  await claim()
  await until(async () => (await claims()).length === 1, 'the claim is seen')
  await ask()
  await hasSeenAll(stage)
  await gateway.stop()
  const sent = readSnapshot(join(gateway.directory, 'gateway.db')).transactions
  const [row] = await stage.ledger.read('channels')
  assert.equal(await readWitnessed(stage.client, row!.id as Hex, 410n), null)
  assert.deepEqual(sent, [])
})

test('who claims what was charged is not accused: late, again, and whatever its clock says', async t => {
  const { gateway, ask, claim, claims, pass, ahead } = await setup(t)
  const watcher = await startWatcherStage(t, gateway)
  ahead.provider = minutes(2) - 1_000
  for (let i = 0; i < 3; i++) {
    await ask()
    await ask()
    await pass(i * minutes(5))
    await claim()
    await ask()
  }
  await until(async () => (await claims()).length === 3, 'the claims are seen')
  await watcher.checked(9)
  await looksAtChannels(watcher)
  assert.deepEqual(new Set((await watcher.checks()).map(({ verdict }) => verdict)), new Set(['honest']))
  assert.equal(await aboveAt(watcher), 0)
})

test('a provider that sees others claim with its keys names no block that has it, and is never accused', async t => {
  const { stage, gateway, ask, claims } = await setup(t)
  await ask()
  await claimCeilings(stage)
  await until(async () => (await claims()).length === 1, 'the claim is seen')
  await hasSeenAll(stage)
  const [{ block }] = (await claims()) as [ClaimTold]
  const { channel } = (await stage.ledger.read('receipts'))[0]!
  const followed = await Followed.open(stage.ledger, signerOf(stage.keys.receiver).address)
  assert.ok(followed.lastWithin(channel as Hex, 410n)!.block < block, 'the last block before the claim')
  assert.ok(followed.lastWithin(channel as Hex, 5_000n)!.block >= block)
  // It works on that channel no more; whoever asks is answered on another one.
  const next = await ask()
  const { receipt } = JSON.parse(
    (await stage.ledger.read('receipts', { where: { id: next } }))[0]!.signed,
  ) as SignedReceipt
  assert.notEqual(receipt.channel, channel)
  const watcher = await startWatcherStage(t, gateway)
  await until(async () => (await aboveAt(watcher)) === 1, 'it is above')
  await looksAtChannels(watcher)
  assert.deepEqual(
    (await watcher.checks()).filter(({ verdict }) => verdict === 'dishonest'),
    [],
  )
})

test('a provider that hides a claim behind an old block, or names none, is not paid for it, and not accused', async t => {
  for (const hidden of ['old', 'none'] as const) {
    const { stage, lying, gateway, ask, fail, claims, ahead } = await setup(t, { blind: true, lies: true })
    const first = await ask()
    const [taken] = await gateway.ledger.read('receipts')
    const { seen } = (JSON.parse(taken!.signed) as SignedReceipt).receipt
    await claimCeilings(stage)
    await until(async () => (await claims()).length === 1, 'the claim is seen')
    lying!.lie = () => ({ seen: hidden === 'old' ? seen : null })
    // What was asked before a claim was known may well be charged as before it.
    ahead.gateway += 2_000
    assert.equal(await fail(), 'receipt_mismatch')
    assert.deepEqual(
      (await gateway.ledger.read('receipts')).map(({ id }) => id),
      [first],
      'it is not paid',
    )
    const watcher = await startWatcherStage(t, gateway)
    await until(async () => (await aboveAt(watcher)) === 1, 'the claim is above')
    await looksAtChannels(watcher)
    const guilty = (await watcher.checks()).filter(({ verdict }) => verdict === 'dishonest')
    assert.deepEqual(guilty, [])
  }
})

test('a claim that the chain took back accuses nobody', async t => {
  const { stage, gateway, ask, claims, pass } = await setup(t)
  await ask()
  const snapshot = await rpc(stage.devnet.url, 'evm_snapshot', [])
  await claimCeilings(stage)
  const watcher = await startWatcherStage(t, gateway)
  await until(async () => (await aboveAt(watcher)) === 1, 'it is above')
  await rpc(stage.devnet.url, 'evm_revert', [snapshot])
  await until(async () => (await claims()).length === 0, 'it is taken back')
  await hasSeenAll(stage)
  await pass(minutes(3))
  await ask()
  await watcher.checked(2)
  await looksAtChannels(watcher)
  assert.deepEqual(
    (await watcher.checks()).map(({ verdict }) => verdict),
    ['honest', 'honest'],
  )
  assert.equal(await aboveAt(watcher), 0)
})

test('a receipt from the future is not taken before its time, and its claim is above until then, and no guilt', async t => {
  const { gateway, ask, fail, claim, claims, ahead } = await setup(t)
  await ask()
  ahead.provider = minutes(5)
  assert.equal(await fail(), 'receipt_time')
  await claim()
  await until(async () => (await claims()).length === 1, 'the claim is seen')
  const watcher = await startWatcherStage(t, gateway)
  await until(async () => (await aboveAt(watcher)) === 1, 'it is above')
  const list = (await (await gateway.admin('GET', '/heddle/1/refused')).json()) as { refused: unknown[] }
  assert.deepEqual(list.refused, [], 'a clock is no contradiction')
  ahead.gateway = minutes(5)
  await gateway.admin('POST', '/heddle/1/admin/recover')
  await watcher.checked(2)
  await until(async () => (await aboveAt(watcher)) === 0, 'it is charged')
  assert.deepEqual(
    (await watcher.checks()).map(({ verdict }) => verdict),
    ['honest', 'honest'],
  )
})

test('the owner is told the claims on its channels, a key is not; of one channel, and after a block', async t => {
  const { gateway, ask, claim, claims } = await setup(t)
  await ask()
  await claim()
  await until(async () => (await claims()).length === 1, 'the claim is seen')
  const [one] = (await claims()) as [ClaimTold]
  assert.deepEqual([one.claim.totalClaimed, one.reached?.receipt.charged, one.below], ['410', '410', undefined])
  assert.deepEqual(await claims(`?channel=${one.claim.channel}&after=${one.block - 1}`), [one])
  assert.deepEqual(await claims(`?after=${one.block}`), [])
  assert.deepEqual(await claims(`?channel=0x${'11'.repeat(32)}`), [])
  for (const path of ['/heddle/1/claims', '/heddle/1/refused']) {
    const asKey = await fetch(gateway.url + path, { headers: { authorization: `Bearer ${API_KEY}` } })
    assert.equal((await refused(asKey)).code, 'forbidden')
  }
  for (const query of ['?after=-1', '?after=x', '?channel=nonsense'])
    assert.equal((await refused(await gateway.admin('GET', `/heddle/1/claims${query}`))).code, 'bad_request', query)
})
