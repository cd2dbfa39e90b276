import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { put, readOne } from '@heddle/ledger'
import { type Checker, EVIDENCE_LIFETIME, HeddleError } from '@heddle/protocol'
import { prover } from '@heddle/workloads/proofs'
import { question, refused } from '../faults/gateway-stage.ts'
import { until } from '../until.ts'
import { signedDataChecker } from './signed-data.ts'
import { startWatched, startWatcherStage } from './stage.ts'
import { CHEATS, type Cheat } from './told.ts'

test('every cheat that signed data proves is found, written down as a file, and nobody else is accused', async t => {
  const { stages, gateway, ask } = await startWatched(t, [() => undefined, ...CHEATS.map(cheat => () => cheat)])
  const watcher = await startWatcherStage(t, gateway)
  const ids = []
  for (const stage of stages) ids.push(await ask(stage), await ask(stage))
  const checks = await watcher.checked(ids.length)
  assert.deepEqual(checks.map(({ id }) => id).sort(), ids.toSorted())
  for (const [i, stage] of stages.entries()) {
    const { address } = stage.provider
    const cheat = CHEATS[i - 1]
    const [first, second] = checks.filter(({ provider }) => provider === address)
    assert.deepEqual([first!.verdict, second!.verdict], cheat ? ['dishonest', 'dishonest'] : ['honest', 'honest'])
    if (cheat) assert.equal(first!.check, cheat)
    const rate = await watcher.rateOf(address, () => true)
    assert.deepEqual([rate.honest, rate.dishonest, rate.inconclusive, rate.silent], cheat ? [0, 2, 0, 0] : [2, 0, 0, 0])
    assert.equal(rate.rate, cheat ? 0 : 1)
    const { receipts } = rate
    assert.deepEqual([...(cheat ? receipts.dishonest : receipts.honest)].sort(), [ids[2 * i], ids[2 * i + 1]].sort())
    for (const { id, proof } of [first!, second!]) {
      const file = join(watcher.directory, 'proofs', `${id}.json`)
      assert.equal(existsSync(file), cheat !== undefined)
      if (!cheat) continue
      const written = prover.read(readFileSync(file, 'utf8'))
      assert.deepEqual(written, proof)
      const verdict = prover.verify(written)
      assert.deepEqual(
        [verdict.verdict, verdict.proof, verdict.provider, verdict.receipts],
        ['dishonest', cheat, address, [id]],
      )
    }
  }
})

test('a share of the traffic is checked, the rest is seen and let go', async t => {
  const { gateway, ask } = await startWatched(t)
  const draws = [0.9, 0.04, 0.05, 0]
  const random = () => draws.shift() ?? 0.9
  const watcher = await startWatcherStage(t, gateway, { share: 0.05, random })
  const ids = []
  for (let i = 0; i < 4; i++) {
    ids.push(await ask())
    const seen = async () => (await watcher.get<{ seen: number }>('/heddle/1/status')).seen
    await until(async () => (await seen()) === i + 1, 'seen')
  }
  const checks = await watcher.checked(2)
  assert.deepEqual(
    checks.map(({ id }) => id),
    [ids[1], ids[3]],
  )
})

test('a provider that does not open is silent, not guilty: counted apart, asked again, and cleared when it opens', async t => {
  const { stage, gateway, ask } = await startWatched(t)
  const id = await ask()
  const kept = (await readOne(stage.ledger, 'evidence', { id }))!
  await stage.ledger.commit({ expire: 'evidence', before: Number.MAX_SAFE_INTEGER })
  const watcher = await startWatcherStage(t, gateway)
  const { address } = stage.provider
  const silent = await watcher.rateOf(address, ({ silent }) => silent === 1)
  assert.deepEqual([silent.honest, silent.dishonest, silent.inconclusive, silent.rate], [0, 0, 0, null])
  assert.deepEqual(await watcher.checks(), [])
  await stage.ledger.commit(put('evidence', kept))
  const cleared = await watcher.rateOf(address, ({ honest }) => honest === 1)
  assert.equal(cleared.silent, 0)
})

test('a provider that is gone is asked later and later, and stays silent when its time is over', async t => {
  const { stage, gateway, ask } = await startWatched(t)
  await ask()
  await stage.stopProvider()
  let offset = 0
  const watcher = await startWatcherStage(t, gateway, { clock: { now: () => Date.now() + offset } })
  await watcher.rateOf(stage.provider.address, ({ silent }) => silent === 1)
  const tried = async () =>
    Number(/silences_total (\d+)/.exec(await (await fetch(`${watcher.url}/metrics`)).text())?.[1])
  await until(async () => (await tried()) >= 2, 'asked again')
  offset = EVIDENCE_LIFETIME
  const waiting = async () => (await watcher.get<{ waiting: number }>('/heddle/1/status')).waiting
  await until(async () => (await waiting()) === 0, 'given up')
  const rate = await watcher.rateOf(stage.provider.address, () => true)
  assert.deepEqual([rate.silent, rate.dishonest, rate.inconclusive], [1, 0, 0])
  assert.deepEqual(await watcher.checks(), [])
})

test('leaves of another job are refused: they are no evidence against anybody', async t => {
  const cheats: Cheat[] = ['redraw']
  const { stage, gateway, ask } = await startWatched(t, [() => cheats.pop()])
  const [guilty, id] = [await ask(), await ask()]
  const foreign = (await readOne(stage.ledger, 'evidence', { id: guilty }))!
  const own = (await readOne(stage.ledger, 'evidence', { id }))!
  await stage.ledger.commit(put('evidence', { ...foreign, id }))
  const watcher = await startWatcherStage(t, gateway)
  const rate = await watcher.rateOf(stage.provider.address, ({ silent, dishonest }) => silent === 1 && dishonest === 1)
  assert.deepEqual(rate.receipts.dishonest, [guilty])
  await stage.ledger.commit(put('evidence', own))
  await watcher.rateOf(stage.provider.address, ({ honest, silent }) => honest === 1 && silent === 0)
})

test('what keeps no evidence is inconclusive, and counts for no rate', async t => {
  const { stage, gateway, ask } = await startWatched(t)
  stage.worker.script = { tokens: 5 }
  await ask()
  const watcher = await startWatcherStage(t, gateway)
  const [check] = await watcher.checked(1)
  assert.deepEqual([check!.verdict, check!.proof], ['inconclusive', null])
  const rate = await watcher.rateOf(stage.provider.address, () => true)
  assert.deepEqual([rate.inconclusive, rate.rate, rate.low, rate.high], [1, null, 0, 1])
})

test('a check that cannot be made here is made later, and is nobody’s silence', async t => {
  const { gateway, ask } = await startWatched(t)
  let failures = 2
  const checker = signedDataChecker(() => {
    if (failures-- > 0) throw new HeddleError('engine_down', 'the reference died')
  })
  const watcher = await startWatcherStage(t, gateway, { checkers: [checker], patience: 2 })
  await ask()
  const [check] = await watcher.checked(1)
  assert.equal(check!.verdict, 'honest')
  assert.equal((await watcher.rates())[0]!.silent, 0)
})

test('a gateway that goes away is waited for; what was seen is not seen again', async t => {
  const { gateway, ask } = await startWatched(t)
  const directory = (await startWatcherStage(t, gateway)).directory
  const nobody = await startWatcherStage(t, { url: 'http://127.0.0.1:9' })
  assert.equal((await nobody.get<{ gateway: { up: boolean } }>('/heddle/1/status')).gateway.up, false)
  const first = await startWatcherStage(t, gateway, {})
  await ask()
  await first.checked(1)
  await first.stop()
  await ask()
  const again = await startWatcherStage(t, gateway, { directory: first.directory })
  assert.equal((await again.checked(2)).length, 2)
  const rate = (await again.rates())[0]!
  assert.equal(rate.honest, 2)
  assert.ok(directory !== first.directory)
})

test('the list of checks goes on after a number, and can be of one provider', async t => {
  const { stages, gateway, ask } = await startWatched(t, [() => undefined, () => 'redraw'])
  const watcher = await startWatcherStage(t, gateway)
  for (const stage of [...stages, ...stages]) await ask(stage)
  const all = await watcher.checked(4)
  assert.deepEqual(
    all.map(({ number }) => number),
    [1, 2, 3, 4],
  )
  assert.deepEqual(await watcher.checks('?after=2'), all.slice(2))
  const { address } = stages[1]!.provider
  assert.deepEqual(
    (await watcher.checks(`?provider=${address}&after=1`)).map(({ id }) => id),
    all.filter(one => one.provider === address && one.number > 1).map(({ id }) => id),
  )
  const refusedTo = await watcher.get<{ error: { code: string } }>('/heddle/1/checks', 'nobody')
  assert.equal(refusedTo.error.code, 'forbidden')
  const bare = await watcher.get<{ rates: { receipts?: unknown }[] }>('/heddle/1/rates', 'nobody')
  assert.deepEqual([bare.rates.length, bare.rates[0]!.receipts], [2, undefined])
})

test('rates can be required: who cheated, and who was never checked, is passed over', async t => {
  const { stages, gateway, ask } = await startWatched(t, [() => undefined, () => 'overcount', () => undefined])
  const [honest, cheat, unknown] = stages
  const asking = (rate: unknown, only = stages) =>
    gateway.ask(question({ provider: { min_honest_rate: rate, only: only.map(({ provider }) => provider.address) } }))
  const code = async (response: Promise<Response>) => {
    const error = await refused(await response)
    return [error.status, error.code, error.param]
  }
  const unmatched = [400, 'routing_unmatched', 'provider.min_honest_rate']
  assert.deepEqual(await code(asking(0)), unmatched, 'nobody watches')
  for (let i = 0; i < 4; i++) await ask(honest)
  await ask(cheat)
  const watcher = await startWatcherStage(t, gateway)
  await watcher.checked(5)
  await fetch(`${gateway.url}/heddle/1/admin/watcher`, {
    method: 'PUT',
    headers: { authorization: 'Bearer admin' },
    body: JSON.stringify({ url: watcher.url }),
  })
  const { low } = await watcher.rateOf(honest!.provider.address, () => true)
  assert.ok(low > 0.5 && low < 0.52, `${low}`)
  for (let i = 0; i < 3; i++) {
    const answer = (await (await asking(0.5)).json()) as { heddle: { provider: string } }
    assert.equal(answer.heddle.provider, honest!.provider.address)
  }
  assert.deepEqual(await code(asking(0.9)), unmatched)
  assert.deepEqual(await code(asking(0.01, [cheat!])), unmatched)
  assert.deepEqual(await code(asking(0, [unknown!])), unmatched)
  assert.equal((await code(asking(2)))[1], 'bad_request')
  const { providers } = (await (await gateway.admin('GET', '/heddle/1/providers')).json()) as {
    providers: { address: string; checked: { model: string; honest: number; dishonest: number; low: number }[] }[]
  }
  const checkedOf = (address: string) => providers.find(one => one.address === address)!.checked
  const [row] = checkedOf(honest!.provider.address)
  assert.deepEqual([row!.model, row!.honest, row!.dishonest, row!.low], ['scripted', 4, 0, low])
  assert.equal(checkedOf(cheat!.provider.address)[0]!.dishonest, 1)
  assert.deepEqual(checkedOf(unknown!.provider.address), [])
})

test('a watcher tells its gateway where it is; a stranger cannot', async t => {
  const { stage, gateway, ask } = await startWatched(t)
  await ask()
  const watcher = await startWatcherStage(t, gateway)
  await watcher.checked(1)
  const url = `${gateway.url}/heddle/1/admin/watcher`
  const stranger = await fetch(url, { method: 'PUT', body: JSON.stringify({ url: watcher.url }) })
  assert.equal(stranger.status, 403)
  const far = await gateway.admin('PUT', '/heddle/1/admin/watcher', { url: 'http://192.0.2.1:80' })
  assert.equal((await refused(far)).code, 'bad_request')
  const told = async () =>
    (
      (await (await gateway.admin('GET', '/heddle/1/providers')).json()) as {
        providers: { address: string; checked: unknown[] }[]
      }
    ).providers.find(({ address }) => address === stage.provider.address)!.checked
  await until(async () => (await told()).length === 1, 'the rate reaches the gateway')
})

test('canaries are ordinary questions of an ordinary key, and every one of them is checked', async t => {
  const { stage, gateway, ask } = await startWatched(t)
  await ask()
  const { authorization } = await gateway.key({ name: 'somebody' })
  const apiKey = authorization.slice('Bearer '.length)
  // A share of nothing: what is checked are the canaries alone.
  const canaries = { perHour: 3_600_000, apiKey }
  const watcher = await startWatcherStage(t, gateway, { share: 0, canaries })
  const checks = await watcher.checked(3)
  assert.deepEqual([...new Set(checks.map(({ source }) => source))], ['canary'])
  const specs = stage.worker.asked as { task: string; temperature: number; maxCompletion: number }[]
  assert.ok(specs.length >= 4)
  for (const { task, temperature, maxCompletion } of specs)
    assert.deepEqual([task, temperature, maxCompletion], ['chat', 0.9, 40])
})

test('proof files that a crash kept from being written are written at the next start', async t => {
  const { gateway, ask } = await startWatched(t, [() => 'foreign-seed'])
  const first = await startWatcherStage(t, gateway)
  await ask()
  await first.checked(1)
  await first.stop()
  const proofs = join(first.directory, 'proofs')
  const [file] = readdirSync(proofs)
  const text = readFileSync(join(proofs, file!), 'utf8')
  rmSync(join(proofs, file!))
  await startWatcherStage(t, gateway, { directory: first.directory })
  assert.equal(readFileSync(join(proofs, file!), 'utf8'), text)
})

test('whoever can measure the model checks it; where nobody can, signed data still speaks', async t => {
  const { gateway, ask, stage } = await startWatched(t, [() => 'redraw'])
  const asked: string[] = []
  const named = (name: string, knows: boolean): Checker => ({
    ...signedDataChecker(() => void asked.push(name)),
    knows: () => knows,
  })
  const watcher = await startWatcherStage(t, gateway, { checkers: [named('first', false), named('second', true)] })
  await ask()
  await watcher.checked(1)
  await watcher.stop()
  const others = await startWatcherStage(t, gateway, { checkers: [named('third', false), named('fourth', false)] })
  const [check] = await others.checked(1)
  assert.deepEqual([asked, check!.verdict, check!.provider], [['second', 'third'], 'dishonest', stage.provider.address])
})
