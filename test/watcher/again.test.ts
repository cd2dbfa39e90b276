import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as timeout } from 'node:timers/promises'
import type { GenerationSpec } from '@heddle/inference/workload'
import type { Seen } from '@heddle/watcher'
import { refused } from '../faults/gateway-stage.ts'
import { until } from '../until.ts'
import { startWatched, startWatcherStage } from './stage.ts'

type Body = Record<string, unknown>
type Asked = GenerationSpec & { messages: { role: string; content: string }[]; cache?: string }

/** Two providers, keys that share what they ask and keys that do not, and what the owner is told of it. */
async function setup(t: TestContext, providers = 2) {
  const watched = await startWatched(
    t,
    Array.from({ length: providers }, () => () => undefined),
  )
  const { gateway, stages } = watched
  for (const [i, { worker }] of stages.entries()) worker.script.word = () => (i === 0 ? 'one ' : 'two ')
  const ask = async (headers: { authorization: string }, body: Body, at = 0): Promise<string> => {
    const provider = { only: [stages[at]!.provider.address] }
    const response = await gateway.ask({ model: 'scripted', max_tokens: 3, provider, ...body }, headers)
    const { choices } = (await response.json()) as { choices: { message: { content: string } }[] }
    return choices[0]!.message.content
  }
  const feed = async (): Promise<Seen[]> =>
    ((await (await gateway.admin('GET', '/heddle/1/receipts')).json()) as { receipts: Seen[] }).receipts
  const asked = (at: number) => stages[at]!.worker.asked as Asked[]
  return { ...watched, ask, feed, asked }
}

const user = (content: string) => ({ role: 'user', content })
const says = (content: string) => ({ role: 'assistant', content })
const textOf = ({ messages }: Asked) => messages.map(({ content }) => content).join('|')

/** A watcher that asks again as soon as it can: its waits are those of its plan, but do not take their time. */
async function watchAgain(t: TestContext, gateway: Awaited<ReturnType<typeof setup>>['gateway']) {
  const { authorization } = await gateway.key({ name: 'somebody' })
  const canaries = { perHour: 1e9, apiKey: authorization.slice('Bearer '.length), content: 'traffic' as const }
  const pause = (milliseconds: number, signal: AbortSignal) => timeout(milliseconds / 1_000, undefined, { signal })
  return startWatcherStage(t, gateway, { share: 0, canaries, pause, random: () => 0, within: 0 })
}

test('the feed says what alike questions have in common, of keys that share alone, and no word of what they are', async t => {
  const { gateway, ask, feed } = await setup(t)
  const shares = await gateway.key({ name: 'shares', shareable: true })
  const keeps = await gateway.key({ name: 'keeps' })
  const system = { role: 'system', content: 'Be a weaver.' }
  const first = await ask(shares, { messages: [system, user('secret words')] })
  await ask(shares, { messages: [system, user('secret words'), says(first), user('more')] })
  await ask(shares, { messages: [system, user('secret words')], temperature: 0.5 })
  await ask(shares, { messages: [user('secret words')] })
  await ask(keeps, { messages: [system, user('secret words')] })
  const [one, two, same, bare, kept] = (await feed()).map(({ again }) => again)
  assert.equal(kept, undefined)
  assert.equal(two!.after, one!.asks)
  assert.deepEqual([one!.after, one!.asks, one!.begins], [undefined, same!.asks, same!.begins])
  assert.deepEqual(
    [two!.begins === one!.begins, bare!.begins === one!.begins, bare!.asks === one!.asks],
    [true, false, false],
  )
  assert.doesNotMatch(JSON.stringify(await feed()), /secret|weaver/)
})

test('a question is told to the owner alone, and only while its key shares', async t => {
  const { gateway, ask, feed } = await setup(t)
  const shares = await gateway.key({ name: 'shares', shareable: true })
  const keys = [shares, await gateway.key({ name: 'keeps' })]
  for (const key of keys) await ask(key, { messages: [user('hello')] })
  const [shared, kept] = await feed()
  const path = ({ id }: Seen) => `/heddle/1/receipts/${id}/question`
  const told = (await (await gateway.admin('GET', path(shared!))).json()) as { workload: string; spec: Asked }
  assert.deepEqual([told.workload, textOf(told.spec)], ['inference', 'hello'])
  assert.equal((await refused(await gateway.admin('GET', path(kept!)))).code, 'forbidden')
  assert.equal((await refused(await fetch(gateway.url + path(shared!), { headers: shares }))).code, 'forbidden')
  const nowhere = `/heddle/1/receipts/0x${'00'.repeat(32)}/question`
  assert.equal((await refused(await gateway.admin('GET', nowhere))).code, 'not_found')
  await gateway.admin('DELETE', '/heddle/1/admin/keys/shares')
  assert.equal((await refused(await gateway.admin('GET', path(shared!)))).code, 'forbidden')
  assert.equal((await feed())[0]!.again, undefined)
})

test('what one provider was asked is asked of the other: every field, in turns with its own answers, and the same tag', async t => {
  const { gateway, ask, asked, feed } = await setup(t)
  const key = await gateway.key({ name: 'shares', shareable: true })
  const keeps = await gateway.key({ name: 'keeps' })
  const settings = { temperature: 0.4, stop: ['END'], prompt_cache_key: 'mine' }
  const system = { role: 'system', content: 'Be a weaver.' }
  const first = [system, user('what is a loom?')]
  const answer = await ask(key, { ...settings, messages: first })
  await ask(key, { ...settings, messages: [...first, says(answer), user('and a heddle?')] })
  await ask(keeps, { messages: [user('mine alone')] })
  const watcher = await watchAgain(t, gateway)
  await until(async () => (await watcher.get<{ seen: number }>('/heddle/1/status')).seen === 3, 'seen')
  // Something alike that the second was asked.
  await ask(key, { ...settings, messages: [system, user('hello?')] }, 1)
  await until(() => asked(1).length === 3, 'asked again')
  const checks = await watcher.checked(2)
  assert.ok(checks.every(({ source }) => source === 'canary'))
  await watcher.stop()
  const originals = asked(0).filter(spec => textOf(spec).startsWith('Be a weaver.|what'))
  // Whether it was asked first, or the run had begun by then: nobody had asked the second anything.
  const again = asked(1).filter(spec => !textOf(spec).endsWith('hello?'))
  assert.deepEqual(again.map(textOf), [
    'Be a weaver.|what is a loom?',
    'Be a weaver.|what is a loom?|two two two |and a heddle?',
  ])
  assert.equal(textOf(originals[1]!), 'Be a weaver.|what is a loom?|one one one |and a heddle?')
  for (const [i, { messages: _, ...rest }] of again.entries()) {
    const { messages: __, ...before } = originals[i]!
    assert.deepEqual(rest, before)
    assert.match(String(rest.cache), /^[0-9a-f]{64}$/)
  }
  assert.ok(asked(1).every(spec => !textOf(spec).includes('mine alone')))
  assert.equal((await feed()).length, 6)
})

test('who is the only one to serve, or whose askers share nothing, is asked nothing', async t => {
  const { gateway, ask, asked } = await setup(t, 1)
  const key = await gateway.key({ name: 'shares', shareable: true })
  const watcher = await watchAgain(t, gateway)
  for (let i = 0; i < 5; i++) await ask(key, { messages: [user(`question ${i}`)] })
  await until(async () => (await watcher.get<{ seen: number }>('/heddle/1/status')).seen === 5, 'seen')
  await timeout(300)
  assert.equal(asked(0).length, 5)
})
