import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fund } from '@heddle/chain'
import { readSnapshot } from '@heddle/ledger'
import { signerOf, toHex } from '@heddle/protocol'
import { until } from '../until.ts'
import { restart } from '../x402/books.ts'
import {
  API_KEY,
  answered,
  type GatewayStage,
  gatewayKeys,
  question,
  refused,
  startGatewayStage,
} from './gateway-stage.ts'
import { folder, type Stage, startStage } from './stage.ts'

const CAP = 10_000n

const keyOf = async ({ admin }: GatewayStage): Promise<{ held: bigint; spent: bigint }> => {
  const status = (await (await admin('GET', '/heddle/1/status')).json()) as { keys: { held: string; spent: string }[] }
  return { held: BigInt(status.keys[0]!.held), spent: BigInt(status.keys[0]!.spent) }
}

/** A gateway as a process of its own, in front of a staged provider, and what begins it again on the same ledger. */
async function startDoomed(t: TestContext, stage: Stage) {
  const { devnet, provider } = stage
  const { keys } = gatewayKeys()
  await fund(devnet.url, devnet.token, signerOf(keys.payer).address, 1_000_000n)
  const directory = folder(t)
  const settings = {
    directory,
    chain: { url: devnet.url, chainId: devnet.chainId, asset: devnet.token },
    keys: Object.fromEntries(Object.entries(keys).map(([name, secret]) => [name, toHex(secret)])),
    providers: [{ endpoint: stage.url, pinned: provider.address }],
    cap: CAP.toString(),
  }
  const doomed = fork(join(import.meta.dirname, 'doomed-gateway.ts'), {
    env: { ...process.env, HEDDLE_SETTINGS: JSON.stringify(settings) },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  t.after(() => doomed.kill('SIGKILL'))
  const port = await new Promise<number>((resolve, reject) => {
    doomed.on('message', message => resolve((message as { port: number }).port))
    doomed.once('exit', code => reject(new Error(`it ended with ${code}`)))
  })
  const asked = fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}` },
    body: JSON.stringify({ ...question({ max_tokens: 700 }), stream: true }),
  })
  const kill = async (): Promise<void> => {
    const dead = new Promise(resolve => doomed.once('exit', resolve))
    doomed.kill('SIGKILL')
    await dead
  }
  const file = join(directory, 'gateway.db')
  const again = () => startGatewayStage(t, [stage], { directory, keys, cap: CAP })
  return { asked, kill, file, again }
}

const receiptsOf = ({ directory }: Stage) => readSnapshot(join(directory, 'provider.db')).receipts

/** Whoever was killed does not come back to its session: the provider waits for it no longer than this. */
const SOON_GONE = { patience: 1_000 }

test('kill -9 of a gateway with the first word of an answer: its key is charged, though its job was written nowhere', async t => {
  const stage = await startStage(t, { script: { tokens: 100_000, between: 20 }, patience: 60_000, link: SOON_GONE })
  const { asked, kill, file, again } = await startDoomed(t, stage)
  const reader = (await asked).body!.getReader()
  const said = async (): Promise<boolean> => Buffer.from((await reader.read()).value ?? '').includes('wov')
  while (!(await said()));
  await kill()
  t.diagnostic(`its ledger had ${readSnapshot(file).jobs.length} jobs`)
  await until(() => receiptsOf(stage).length === 1, 'the provider has charged it')
  const gateway = await again()
  await until(async () => (await gateway.ledger.read('receipts')).length === 1, 'its receipt is here')
  const [receipt] = receiptsOf(stage)
  assert.ok(receipt!.charge > 0n)
  assert.deepEqual(await keyOf(gateway), { held: 0n, spent: receipt!.charge })
})

test('kill -9 of a gateway in mid-answer: what it may still be charged stays held of its key until its receipt is here', async t => {
  const stage = await startStage(t, { script: { tokens: 100_000, between: 1 }, patience: 60_000, link: SOON_GONE })
  const { asked: answer, kill, file, again } = await startDoomed(t, stage)
  const asked = answer.then(response => response.text())
  asked.catch(() => undefined)
  await until(async () => readSnapshot(file).jobs.some(({ state }) => state === 'running'), 'the job is written down')
  await until(async () => (await stage.ledger.read('jobs')).length > 0, 'something was delivered')
  await kill()
  await assert.rejects(asked)
  await until(async () => (await stage.ledger.read('receipts')).length === 1, 'the provider has charged it')
  await stage.stopProvider()

  // Its provider is away: what it may cost is held, and nobody else gets it.
  const gateway = await again()
  const [job] = readSnapshot(file).jobs
  const { limit } = (JSON.parse(job!.request) as { job: { limit: string } }).job
  assert.deepEqual(await keyOf(gateway), { held: BigInt(limit), spent: 0n })

  await restart(t, stage)
  await until(async () => (await keyOf(gateway)).held === 0n, 'it is known what it cost')
  const [receipt] = receiptsOf(stage)
  const { spent } = await keyOf(gateway)
  assert.equal(spent, receipt!.charge)
  assert.ok(spent > 0n && spent <= BigInt(limit), `${spent} of ${limit}`)

  await t.test('what is left of the cap is asked for, and not more', async () => {
    await gateway.admin('POST', '/heddle/1/admin/recover')
    const left = CAP - spent
    assert.ok(left > 0n)
    assert.ok(BigInt((await answered(await gateway.ask(question({ max_tokens: 2 })))).heddle.charge) <= left)
    for (let tries = 0; tries < 20; tries++) {
      const response = await gateway.ask(question({ max_tokens: 200 }))
      if (!response.ok) break
      await response.text()
    }
    assert.ok((await keyOf(gateway)).spent <= CAP)
    assert.match((await refused(await gateway.ask(question({ max_tokens: 200 })))).code, /cap/)
  })
})
