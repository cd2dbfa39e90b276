import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askChat, errorOf, hello } from '../../testing/door.ts'
import { model } from '../../testing/house.ts'

test('who may answer, and which models stand in', async () => {
  const { post, asked } = askChat({ models: [model, { ...model, id: 'other' }] })
  const address = `0x${'Ab'.repeat(20)}`
  await post({
    ...hello,
    models: ['toy', 'other', 'gone'],
    provider: {
      order: [address],
      ignore: [address],
      allow_fallbacks: false,
      max_price: { prompt: '2.5', completion: 6 },
      quantizations: ['Q4_0'],
      sort: 'price',
      min_honest_rate: 0.95,
      require_parameters: true,
      data_collection: 'allow',
    },
  })
  const { models, routing } = asked[0]!.question
  assert.deepEqual(models, ['toy', 'other', 'gone'])
  assert.deepEqual(routing, {
    order: [address.toLowerCase()],
    ignore: [address.toLowerCase()],
    fallbacks: false,
    maxPrice: { prompt: 2_500_000_000_000n, completion: 6_000_000_000_000n },
    quantizations: ['Q4_0'],
    minHonestRate: 0.95,
    sort: 'price',
  })
})

test('a price becomes base units a token exactly, or is refused', async () => {
  const { post, asked } = askChat()
  const priced = (prompt: unknown) => post({ ...hello, provider: { max_price: { prompt } } })
  for (const [text, units] of [
    ['0', 0n],
    ['0.000000000001', 1n],
    ['1', 10n ** 12n],
    [0.1, 10n ** 11n],
  ] as const) {
    assert.equal((await priced(text)).status, 200)
    assert.deepEqual(asked.at(-1)!.question.routing?.maxPrice, { prompt: units })
  }
  for (const text of ['0.0000000000001', '-1', '1e3', 1e-13, 'free', '']) {
    const answer = await priced(text)
    assert.equal(answer.status, 400, String(text))
    assert.equal(errorOf(answer)['param'], 'provider.max_price.prompt')
  }
})
