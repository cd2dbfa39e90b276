import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { answered, question, refused, startGatewayStage } from '../faults/gateway-stage.ts'
import { type Stage, startStage } from '../faults/stage.ts'

/** Three providers of one model: cheap, dear and in 4 bits; the second has another model too. */
async function setup(t: TestContext) {
  const prices = (completion: bigint) => ({ prompt: 1n, cached: 1n, completion })
  const cheap = await startStage(t, { script: { tokens: 5 }, prices: prices(9n) })
  const { devnet } = cheap
  const dear = await startStage(t, { script: { tokens: 5 }, devnet, prices: prices(30n) })
  const small = await startStage(t, {
    script: { tokens: 5, serves: { quantization: 'q4_0' } },
    devnet,
    prices: prices(20n),
  })
  const gateway = await startGatewayStage(t, [dear, cheap, small])
  const who = async (over: Record<string, unknown>): Promise<string> =>
    (await answered(await gateway.ask(question(over)))).heddle.provider
  const address = (stage: Stage): string => stage.provider.address
  return { cheap, dear, small, who, address, ...gateway }
}

test('who may answer is said in the request, and kept to', async t => {
  const { cheap, dear, small, who, address } = await setup(t)
  const cases: [Record<string, unknown>, Stage][] = [
    [{}, cheap],
    [{ order: [address(dear)] }, dear],
    [{ only: [address(small), address(dear)] }, small],
    [{ ignore: [address(cheap)] }, small],
    [{ quantizations: ['q4_0'] }, small],
    [{ sort: 'price' }, cheap],
    [{ ignore: [address(small)], max_price: { completion: '0.00000000001' } }, cheap],
  ]
  for (const [provider, expected] of cases) {
    assert.equal(await who({ provider }), address(expected), JSON.stringify(provider))
  }
})

test('a rule that leaves nobody is a 400 that names it', async t => {
  const { ask, address, cheap } = await setup(t)
  const nobody = `0x${'99'.repeat(20)}`
  const cases: [Record<string, unknown>, string][] = [
    [{ only: [nobody] }, 'provider.only'],
    [{ quantizations: ['fp8'] }, 'provider.quantizations'],
    [{ max_price: { completion: '0.000000000001' } }, 'provider.max_price'],
    [{ only: [address(cheap)], ignore: [address(cheap)] }, 'provider.ignore'],
  ]
  for (const [provider, rule] of cases) {
    const error = await refused(await ask(question({ provider })))
    assert.deepEqual([error.status, error.code, error.param], [400, 'routing_unmatched', rule])
    assert.ok(error.message.includes(rule), error.message)
  }
})

test('without fall-backs only the first choice is asked; with them the next', async t => {
  const { cheap, small, who, ask } = await setup(t)
  cheap.worker.script.ready = false
  const error = await refused(await ask(question({ provider: { allow_fallbacks: false } })))
  assert.equal(error.code, 'engine_down')
  assert.equal(await who({}), small.provider.address)
})

test('a model that nobody has falls back to the next of the list, and the answer says which it was', async t => {
  const other = await startStage(t, { script: { tokens: 5, serves: { name: 'other' } } })
  const { ask } = await startGatewayStage(t, [other])
  const answer = await answered(await ask(question({ models: ['other'] })))
  assert.equal(answer.model, 'other')
})

test('a conversation goes on where it began, as long as that is no dearer', async t => {
  const { dear, cheap, small, address } = await setup(t)
  const messages = [{ role: 'user', content: 'a long story' }]
  const turn = [...messages, { role: 'assistant', content: 'wov' }, { role: 'user', content: 'go on' }]
  const equal = await startStage(t, {
    script: { tokens: 5 },
    devnet: cheap.devnet,
    prices: { prompt: 1n, cached: 1n, completion: 9n },
  })
  const gateway = await startGatewayStage(t, [cheap, equal, dear, small])
  const asked = async (over: Record<string, unknown>): Promise<string> =>
    (await answered(await gateway.ask(question(over)))).heddle.provider
  await asked({ messages, provider: { only: [address(equal)] } })
  for (let i = 0; i < 3; i++) assert.equal(await asked({ messages: turn }), address(equal))
  await asked({ messages: [{ role: 'user', content: 'dear story' }], provider: { only: [address(dear)] } })
  assert.notEqual(await asked({ messages: [{ role: 'user', content: 'dear story' }] }), address(dear))
})

test('a cache tag reaches an engine, and never as another key would have it', async t => {
  const { cheap, ask, key } = await setup(t)
  const tags = async (headers: Record<string, string>): Promise<string | undefined> => {
    const response = await ask(question({ prompt_cache_key: 'same' }), headers)
    if (!response.ok) return assert.fail(await response.text())
    return (cheap.worker.asked.at(-1) as { cache?: string }).cache
  }
  const [a, b] = [await key({ name: 'a' }), await key({ name: 'b' })]
  const first = await tags(a)
  assert.match(first ?? '', /^[0-9a-f]{64}$/)
  assert.equal(await tags(a), first)
  assert.notEqual(await tags(b), first)
})
