import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHeddleError, unpackAlive } from '@heddle/protocol'
import { answered, type GatewayStage, gatewayKeys, question, refused, startGatewayStage } from './gateway-stage.ts'
import { openFunded, openPayer, post, type Stage, startStage } from './stage.ts'

const said = (content: string) => question({ messages: [{ role: 'user', content }] })
type Status = { queue: { waiting: number; unsettled: number }; keys: { name: string; held: string }[] }
const statusOf = async ({ admin }: GatewayStage): Promise<Status> =>
  (await (await admin('GET', '/heddle/1/status')).json()) as Status
async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await new Promise(resolve => setTimeout(resolve, 5))
}
const asked = ({ worker }: Stage): string[] =>
  worker.asked.map(spec => (spec as { messages: { content: string }[] }).messages.at(-1)!.content)

/** An engine with so many places, that does nothing before its gate is opened. */
async function setup(t: Parameters<typeof startStage>[0], concurrency: number, options: Record<string, number> = {}) {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  const stage = await startStage(t, {
    script: { tokens: 3, gate },
    limits: { maxCompletion: 1_000, concurrency },
  })
  const gateway = await startGatewayStage(t, [stage], options)
  const waiting = (count: number) => until(async () => (await statusOf(gateway)).queue.waiting === count)
  return { stage, gateway, open, waiting }
}

test('fifty at once on two places: all are answered, and never more than two run', async t => {
  const { stage, gateway, open, waiting } = await setup(t, 2)
  const answers = Array.from({ length: 50 }, (_, i) => gateway.ask(said(`q${i}`)))
  await waiting(48)
  assert.equal(stage.worker.asked.length, 2)
  open()
  for (const answer of await Promise.all(answers)) await answered(answer)
  assert.equal(stage.worker.asked.length, 50)
  assert.deepEqual((await statusOf(gateway)).queue.waiting, 0)
})

test('who asks once is answered in its turn, however much another key has asked before', async t => {
  const { stage, gateway, open, waiting } = await setup(t, 1)
  const alice = await gateway.key({ name: 'alice' })
  const bob = await gateway.key({ name: 'bob' })
  const answers = Array.from({ length: 12 }, (_, i) => gateway.ask(said(`alice ${i}`), alice))
  await waiting(11)
  answers.push(gateway.ask(said('bob'), bob))
  await waiting(12)
  open()
  for (const answer of await Promise.all(answers)) await answered(answer)
  assert.ok(asked(stage).indexOf('bob') <= 2, asked(stage).join())
})

test('what only waits holds nothing of the key, and no room on the channel', async t => {
  const { gateway, open, waiting } = await setup(t, 1)
  const { authorization } = await gateway.key({ name: 'carol', cap: '3000' })
  const first = gateway.ask(question(), { authorization })
  await waiting(0)
  const heldByOne = async () => (await statusOf(gateway)).keys.find(key => key.name === 'carol')!.held
  await until(async () => (await heldByOne()) !== '0')
  const held = await heldByOne()
  const others = Array.from({ length: 5 }, () => gateway.ask(question(), { authorization }))
  await waiting(5)
  assert.equal(await heldByOne(), held)
  open()
  for (const answer of await Promise.all([first, ...others])) await answered(answer)
})

test('who hangs up is out of the queue at once, and was never asked for', async t => {
  const { stage, gateway, open, waiting } = await setup(t, 1)
  const first = gateway.ask(said('first'))
  const leaving = new AbortController()
  const left = fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer hd-test-key' },
    body: JSON.stringify(said('left')),
    signal: leaving.signal,
  }).catch(() => undefined)
  await waiting(1)
  leaving.abort()
  await left
  await waiting(0)
  open()
  await answered(await first)
  await answered(await gateway.ask(said('last')))
  assert.deepEqual(asked(stage), ['first', 'last'])
})

test('a queue is bounded, and so is the wait in it: 429, with the time to come back', async t => {
  const full = await setup(t, 1, { queue: 1 })
  const key = await full.gateway.key({ name: 'one' })
  const running = full.gateway.ask(question(), key)
  await until(() => full.stage.worker.asked.length === 1)
  const waits = full.gateway.ask(question(), key)
  await full.waiting(1)
  const response = await full.gateway.ask(question(), key)
  assert.ok(Number(response.headers.get('retry-after')) >= 1)
  assert.deepEqual((({ status, code }) => [status, code])(await refused(response)), [429, 'busy'])
  full.open()
  for (const answer of [running, waits]) await answered(await answer)

  const short = await setup(t, 1, { queueWait: 50 })
  const first = short.gateway.ask(question())
  await until(() => short.stage.worker.asked.length === 1)
  const late = await short.gateway.ask(question())
  assert.ok(Number(late.headers.get('retry-after')) >= 1)
  assert.equal((await refused(late)).code, 'busy')
  short.open()
  await answered(await first)
})

/** Posts a job as a payer that can wait; gives the kinds of its messages, and hears of each sign of life. */
async function postWaiting(stage: Stage, body: unknown, onSign: (state: string, position?: number) => void) {
  const kinds: string[] = []
  await post(stage, body, {
    wait: 60,
    onMessage({ kind, payload }) {
      kinds.push(kind)
      if (kind !== 'alive') return
      const sign = unpackAlive(payload)
      onSign(sign.state, sign.position)
    },
  })
  return kinds
}

test("at a provider a stranger's job waits in its turn and says so; one that cannot pay does not wait", async t => {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  const stage = await startStage(t, { script: { tokens: 3, gate }, limits: { maxCompletion: 1_000, concurrency: 1 } })
  await openFunded(stage, 10_000n, 10_000n)
  const { payer } = stage
  const signs: (string | number | undefined)[][] = []
  const posted = () =>
    postWaiting(stage, payer.job(), (state, position) => {
      signs.push([state, position])
      if (signs.length === 2) open()
    })
  const first = posted()
  await until(() => stage.worker.asked.length === 1)
  const others = [posted(), posted()]
  assert.deepEqual(new Set(await first), new Set(['output', 'receipt']))
  for (const kinds of await Promise.all(others))
    assert.ok(kinds[0] === 'alive' && kinds.at(-1) === 'receipt', `${kinds}`)
  assert.deepEqual(signs.slice(0, 2), [
    ['queued', 1],
    ['queued', 2],
  ])
  const poor = await openPayer(stage.devnet, stage.url, stage.offer)
  await assert.rejects(post(stage, { ...poor.job(), channel: poor.channel }, { wait: 60 }), error =>
    isHeddleError(error, 'voucher_required'),
  )
})

test("the house's own questions go before what is sold, also when they come later", async t => {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  const { keys, own } = gatewayKeys()
  const stage = await startStage(t, {
    script: { tokens: 3, gate },
    limits: { maxCompletion: 1_000, concurrency: 1 },
    own,
  })
  const sold = (
    (await (await fetch(`${stage.url}/heddle/1/offers`)).json()) as { offers: { offer: Stage['offer'] }[] }
  ).offers.find(({ offer }) => BigInt(offer.exposure) > 0n)!.offer
  const payer = await openPayer(stage.devnet, stage.url, sold)
  await openFunded({ ...stage, payer }, 10_000n, 10_000n)
  const gateway = await startGatewayStage(t, [stage], { keys, own: [stage] })
  const running = gateway.ask(said('own first'))
  await until(() => stage.worker.asked.length === 1)
  const waiting = async (): Promise<number> =>
    ((await (await fetch(`${stage.url}/heddle/1/status`)).json()) as { queue: { waiting: number } }).queue.waiting
  const strangers = [payer.job(), payer.job()].map(job => postWaiting(stage, job, () => undefined))
  await until(async () => (await waiting()) === 2)
  const second = gateway.ask(said('own second'))
  await until(async () => (await statusOf(gateway)).queue.waiting === 1)
  open()
  await answered(await running)
  await answered(await second)
  for (const kinds of await Promise.all(strangers)) assert.equal(kinds.at(-1), 'receipt')
})
