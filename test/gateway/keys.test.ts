import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { API_KEY, answered, question, refused, startGatewayStage } from '../faults/gateway-stage.ts'
import { startStage } from '../faults/stage.ts'

async function setup(t: TestContext, script: Parameters<typeof startStage>[1]['script'] = { tokens: 5 }) {
  const stage = await startStage(t, { script })
  // Rates count by the gateway's clock: however busy this machine is, all of it is one moment.
  const moment = Date.now()
  return { stage, ...(await startGatewayStage(t, [stage], { clock: { now: () => moment } })) }
}

test('a rate: what is above it gets 429 and Retry-After, and costs nothing', async t => {
  const { ask, key, stage } = await setup(t)
  const bearer = await key({ name: 'two a minute', rate: 2 })
  for (let i = 0; i < 2; i++) await answered(await ask(question(), bearer))
  const third = await ask(question(), bearer)
  const seconds = Number(third.headers.get('retry-after'))
  assert.ok(seconds > 20 && seconds <= 30, `${seconds}`)
  assert.deepEqual([third.status, (await refused(third)).code], [429, 'rate_limited'])
  assert.equal(stage.worker.asked.length, 2)
  await answered(await ask(question()))
})

test('tokens a minute are taken for the most that an answer can be, and given back for what it was', async t => {
  const { ask, key } = await setup(t)
  const bearer = await key({ name: 'tokens', tokens: 400 })
  for (let i = 0; i < 4; i++) await answered(await ask(question(), bearer))
  const large = await ask(question({ max_tokens: 900 }), bearer)
  assert.equal(large.headers.get('retry-after'), null)
  assert.deepEqual((({ status, code }) => [status, code])(await refused(large)), [413, 'rate_unreachable'])
  await answered(await ask(question(), bearer))
})

test('models: others are refused, also as fall-backs, and not listed', async t => {
  const { ask, key, url } = await setup(t)
  const allowed = await key({ name: 'allowed', models: ['scripted'] })
  const none = await key({ name: 'none', models: ['another'] })
  await answered(await ask(question({ models: ['elsewhere'] }), allowed))
  const { status, code, message } = await refused(await ask(question(), none))
  assert.deepEqual([status, code], [403, 'model_refused'])
  assert.match(message, /the key may ask another, and not scripted/)
  assert.equal((await refused(await ask(question({ max_tokens: undefined }), none))).code, 'model_refused')
  assert.equal((await refused(await ask(question({ model: 'nowhere' }), none))).code, 'model_unknown')
  const one = await fetch(`${url}/v1/models/scripted`, { headers: none })
  assert.equal(one.status, 403)
  const list = async (headers: Record<string, string>): Promise<string[]> => {
    const { data } = (await (await fetch(`${url}/v1/models`, { headers })).json()) as { data: { id: string }[] }
    return data.map(({ id }) => id)
  }
  assert.deepEqual([await list(allowed), await list(none)], [['scripted'], []])
})

test('expiry and revocation, over HTTP; a key by x-api-key as Anthropic clients send it', async t => {
  const { ask, key, admin, url } = await setup(t)
  const expired = await key({ name: 'old', expires: 1 })
  assert.deepEqual((({ status, code }) => [status, code])(await refused(await ask(question(), expired))), [
    401,
    'key_expired',
  ])
  const bearer = await key({ name: 'bob' })
  await answered(await ask(question(), { authorization: '', 'x-api-key': bearer.authorization.slice(7) }))
  assert.equal((await admin('DELETE', '/heddle/1/admin/keys/bob')).status, 200)
  assert.equal((await refused(await ask(question(), bearer))).code, 'key_revoked')
  const self = await fetch(`${url}/heddle/1/key`, { headers: { authorization: `Bearer ${API_KEY}` } })
  assert.equal(((await self.json()) as { name: string }).name, 'first')
})

test('keys are made and seen by the owner alone, and a term nobody knows is refused', async t => {
  const { admin, url } = await setup(t)
  for (const authorization of ['', `Bearer ${API_KEY}`, 'Bearer admin2']) {
    for (const method of ['GET', 'POST']) {
      const body = method === 'POST' ? { body: '{"name":"x","cap":"1"}' } : {}
      const response = await fetch(`${url}/heddle/1/admin/keys`, { method, headers: { authorization }, ...body })
      assert.equal((await refused(response)).code, 'forbidden')
    }
  }
  const cases: Record<string, unknown>[] = [
    { name: 'x' },
    { name: '', cap: '1' },
    { name: '=x', cap: '1' },
    { name: 'x', cap: '-1' },
    { name: 'x', cap: 1 },
    { name: 'x', cap: '1', rate: 0 },
    { name: 'x', cap: '1', policy: 'free' },
    { name: 'x', cap: '1', revoked: 1 },
    { name: 'x', cap: '1', unlimited: true },
  ]
  for (const body of cases) {
    const { code } = await refused(await admin('POST', '/heddle/1/admin/keys', body))
    assert.equal(code, 'bad_request', JSON.stringify(body))
  }
  assert.equal((await admin('POST', '/heddle/1/admin/keys', { name: 'x', cap: '1' })).status, 200)
  assert.equal((await refused(await admin('POST', '/heddle/1/admin/keys', { name: 'x', cap: '1' }))).code, 'key_exists')
})

test('what one key spends is no other key’s, and each cap holds for itself under many questions at once', async t => {
  const { ask, key, ledger } = await setup(t, { tokens: 12 })
  const keys = await Promise.all(['a', 'b', 'c'].map(name => key({ name, cap: '1500' })))
  const asked = keys.flatMap(bearer => Array.from({ length: 10 }, () => ask(question(), bearer)))
  const responses = await Promise.all(asked)
  assert.ok(responses.some(one => one.status >= 400) && responses.some(one => one.status === 200))
  // Held by what runs, or spent: either way no more than the cap.
  assert.ok(responses.every(one => [200, 402, 429].includes(one.status)))
  for (const row of await ledger.read('keys')) {
    const receipts = await ledger.read('receipts', { where: { apiKey: row.id } })
    assert.equal(
      row.spent,
      receipts.reduce((sum, one) => sum + one.charge, 0n),
    )
    assert.ok(row.spent <= row.cap, `${row.name}: ${row.spent} of ${row.cap}`)
  }
})

test('a key that is used up goes on with a higher cap, and the gateway counts what was asked', async t => {
  const { ask, key, url, admin } = await setup(t)
  const bearer = await key({ name: 'short', cap: '1' })
  const first = await refused(await ask(question(), bearer))
  assert.equal(first.code, 'cap_reached')
  assert.match(first.message, /"short" has 0\.0+1 HED left, this needs 0\.\d+ HED.*heddle keys cap/)
  const path = '/heddle/1/admin/keys/short'
  const recap = (body: object) => admin('PATCH', path, body)
  const foreign = await fetch(url + path, { method: 'PATCH', body: '{"cap":"5"}', headers: bearer })
  assert.equal(foreign.status, 403)
  for (const body of [{}, { cap: 5 }, { cap: '-1' }, { cap: '5', name: 'x' }])
    assert.equal((await recap(body)).status, 400)
  assert.equal((await recap({ cap: String(10n ** 18n) })).status, 200)
  await answered(await ask(question(), bearer))
  const metrics = await (await fetch(`${url}/metrics`)).text()
  for (const line of [
    'questions_total 2',
    'questions_failed_total{code="cap_reached"} 1',
    'chain_up 1',
    'providers_up 1',
  ])
    assert.match(metrics, new RegExp(`^heddle_${line.replace(/[{}]/g, '\\$&')}$`, 'm'))
  assert.ok(!metrics.includes('short'))
})

test('what is nowhere is told in the words of the API that it would be of', async t => {
  const { url } = await setup(t)
  const said = async (path: string, method = 'POST') => {
    const response = await fetch(url + path, { method, ...(method === 'POST' ? { body: '{}' } : {}) })
    return { status: response.status, body: (await response.json()) as { type?: string; error: { type: string } } }
  }
  for (const path of ['/v1/images/generations', '/v1/files', '/v1/audio/speech']) {
    const { status, body } = await said(path)
    assert.deepEqual([status, body.error.type], [404, 'invalid_request_error'], path)
  }
  const batches = await said('/v1/messages/batches')
  assert.deepEqual([batches.status, batches.body.type, batches.body.error.type], [404, 'error', 'not_found_error'])
  assert.equal((await said('/v1/chat/completions', 'GET')).body.error.type, 'invalid_request_error')
})
