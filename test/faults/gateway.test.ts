import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'
import { API_KEY, question, type Refused, startGatewayStage } from './gateway-stage.ts'
import { startStage } from './stage.ts'

async function codeOf(response: Response): Promise<string> {
  const { error } = (await response.json()) as Refused
  return error.heddle_code ?? error.code
}

test('bad input is refused with a code, and the next question is answered', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const { ask, url } = await startGatewayStage(t, [stage])
  const cases: [string, unknown, string][] = [
    ['broken JSON', '{"model":', 'bad_json'],
    ['bad UTF-8', Uint8Array.of(0x22, 0xff, 0xfe, 0x22), 'bad_json'],
    ['deep nesting', '['.repeat(50_000) + ']'.repeat(50_000), 'nesting_too_deep'],
    ['deep nesting inside a field', `{"messages":${'{"a":'.repeat(100)}1${'}'.repeat(100)}}`, 'nesting_too_deep'],
    ['a number that is absurd', question({ max_tokens: 1e300 }), 'bad_request'],
    ['a number below zero', question({ max_tokens: -2 }), 'bad_request'],
    ['a fraction', question({ max_tokens: 1.5 }), 'bad_request'],
    ['a temperature of the sun', question({ temperature: 5_778 }), 'bad_request'],
    ['no messages', question({ messages: [] }), 'bad_request'],
    ['an unknown model', question({ model: '../../etc/passwd' }), 'model_unknown'],
  ]
  for (const [name, body, code] of cases) {
    const response = await ask(body)
    assert.ok(response.status >= 400 && response.status < 500, `${name}: status ${response.status}`)
    assert.equal(await codeOf(response), code, name)
  }
  assert.equal(stage.worker.asked.length, 0)
  assert.equal((await ask(question())).status, 200)
  assert.equal((await fetch(`${url}/nothing/here`)).status, 404)
})

test('a body of 100 MB is refused without being read', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const { url, ask } = await startGatewayStage(t, [stage])
  const status = await new Promise<number>((resolve, reject) => {
    const headers = { authorization: `Bearer ${API_KEY}`, 'transfer-encoding': 'chunked' }
    const outgoing = request(`${url}/v1/chat/completions`, { method: 'POST', headers }, response => {
      resolve(response.statusCode!)
      outgoing.destroy()
    })
    outgoing.on('error', reject)
    const piece = Buffer.alloc(1 << 20, 0x20)
    let sent = 0
    const write = (): void => {
      while (sent < 100 && !outgoing.destroyed) {
        sent += 1
        if (!outgoing.write(piece)) return void outgoing.once('drain', write)
      }
      outgoing.end()
    }
    write()
  })
  assert.equal(status, 413)
  assert.equal((await ask(question())).status, 200)
})

test('keys: none, unknown, and a cap that is reserved before work', async t => {
  const stage = await startStage(t, { script: { tokens: 1_000, between: 1 } })
  const { ask } = await startGatewayStage(t, [stage], { cap: 2_000n })
  assert.equal(await codeOf(await ask(question(), { authorization: '' })), 'key_missing')
  assert.equal(await codeOf(await ask(question(), { authorization: 'Bearer hd-other' })), 'key_unknown')
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask(question({ max_tokens: 60 }))))
  const statuses = answers.map(answer => answer.status)
  // What is only held by those that run can be asked for again.
  assert.ok(statuses.includes(200) && statuses.every(status => [200, 402, 429].includes(status)), statuses.join(' '))
  const [, ...others] = answers.filter(answer => answer.status === 429)
  for (const answer of others) assert.equal(answer.headers.get('retry-after'), '1')
  const charged = (await Promise.all(answers.filter(answer => answer.status === 200).map(answer => answer.json()))) as {
    heddle: { charge: string }
  }[]
  const sum = charged.reduce((total, answer) => total + BigInt(answer.heddle.charge), 0n)
  assert.ok(sum <= 2_000n, `${sum} spent of a cap of 2000`)
})

test('web pages of other origins and foreign host names get nothing', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const { ask, url } = await startGatewayStage(t, [stage])
  assert.equal((await ask(question(), { origin: 'https://evil.example' })).status, 403)
  const status = await new Promise<number>((resolve, reject) => {
    request(`${url}/heddle/1/status`, { headers: { host: 'evil.example' } }, response => resolve(response.statusCode!))
      .on('error', reject)
      .end()
  })
  assert.equal(status, 403)
})

test('a provider that is slow to its first byte is passed over, and not paid', async t => {
  const slow = await startStage(t, {
    script: { tokens: 5, firstAfter: 10_000 },
    prices: { prompt: 1n, cached: 1n, completion: 1n },
  })
  const good = await startStage(t, {
    script: { tokens: 5 },
    devnet: slow.devnet,
    prices: { prompt: 5n, cached: 5n, completion: 50n },
  })
  const { ask, ledger } = await startGatewayStage(t, [slow, good], { limits: { firstByte: 300 } })
  const response = await ask(question())
  assert.equal(response.status, 200)
  assert.equal(slow.worker.asked.length, 1)
  assert.equal(good.worker.asked.length, 1)
  const receipts = await good.ledger.read('receipts')
  assert.deepEqual(
    (await ledger.read('receipts')).map(row => row.id),
    receipts.map(row => row.id),
  )
  assert.equal(receipts.length, 1)
  assert.deepEqual(await slow.ledger.read('receipts'), [])
})

test('a provider that dies is passed over; when nobody is left the error says so and that a retry may help', async t => {
  const first = await startStage(t, { script: { tokens: 5 }, prices: { prompt: 1n, cached: 1n, completion: 1n } })
  const second = await startStage(t, { script: { tokens: 5 }, devnet: first.devnet })
  const { ask } = await startGatewayStage(t, [first, second])
  await first.stopProvider()
  assert.equal((await ask(question())).status, 200)
  await second.stopProvider()
  const response = await ask(question())
  assert.ok(response.status >= 500)
  assert.ok(['no_provider', 'provider_unreachable'].includes(await codeOf(response)))
})

test('among equals the cheaper provider is asked', async t => {
  const dear = await startStage(t, { script: { tokens: 5 }, prices: { prompt: 1n, cached: 1n, completion: 90n } })
  const cheap = await startStage(t, {
    script: { tokens: 5 },
    devnet: dear.devnet,
    prices: { prompt: 1n, cached: 1n, completion: 9n },
  })
  const { ask } = await startGatewayStage(t, [dear, cheap])
  for (let i = 0; i < 3; i++) assert.equal((await ask(question())).status, 200)
  assert.deepEqual([dear.worker.asked.length, cheap.worker.asked.length], [0, 3])
})

test('many long streams at once on one channel: whoever finds no room waits for it, and nobody is turned away', async t => {
  // Room for four first chunks; while a stream runs, its provider uses room that the payer does not know of.
  const stage = await startStage(t, {
    script: { tokens: 200, between: 1 },
    exposure: 3_200n,
    limits: { maxCompletion: 1_000, concurrency: 16 },
    patience: 60_000,
  })
  const { ask } = await startGatewayStage(t, [stage], { patience: 60_000, limits: { firstByte: 60_000 } })
  const answers = await Promise.all(
    Array.from({ length: 12 }, async (_, i) => {
      await new Promise(resolve => setTimeout(resolve, i * 40))
      const response = await ask(question({ max_tokens: 200 }))
      return [response.status, await response.text()] as const
    }),
  )
  for (const [status, text] of answers) assert.equal(status, 200, text)
})
