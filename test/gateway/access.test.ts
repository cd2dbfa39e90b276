import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { answered, question, refused, startGatewayStage } from '../faults/gateway-stage.ts'
import { folder, startStage } from '../faults/stage.ts'

async function setup(t: TestContext) {
  const files = folder(t)
  mkdirSync(files, { recursive: true })
  writeFileSync(join(files, 'index.html'), '<!doctype html><title>page</title>')
  const stage = await startStage(t, { script: { tokens: 5 } })
  const gateway = await startGatewayStage(t, [stage], { console: files })
  const bob = await gateway.key({ name: 'bob' })
  const alice = await gateway.key({ name: 'alice' })
  const secret = 'what bob asks is his'
  const { heddle } = await answered(await gateway.ask(question({ messages: [{ role: 'user', content: secret }] }), bob))
  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(gateway.url + path, { headers, redirect: 'manual' })
  return { stage, ...gateway, bob, alice, secret, receipt: heddle.receipt, get }
}

test('what was asked, and money, are for the owner and for the key that asked', async t => {
  const { get, bob, alice, secret, receipt } = await setup(t)
  const owner = { authorization: 'Bearer admin' }
  const paths = ['/heddle/1/answers', `/heddle/1/receipts/${receipt}`]
  for (const path of paths) {
    for (const headers of [owner, bob]) assert.ok((await (await get(path, headers)).text()).includes(secret), path)
    for (const headers of [{}, alice]) assert.ok(!(await (await get(path, headers)).text()).includes(secret), path)
  }
  for (const path of ['/heddle/1/answers', '/heddle/1/usage', '/heddle/1/channels', '/heddle/1/providers']) {
    assert.equal((await get(path)).status, 401, path)
  }
  assert.equal((await get('/heddle/1/channels', bob)).status, 403)
  const status = (await (await get('/heddle/1/status', alice)).json()) as Record<string, unknown>
  assert.deepEqual(Object.keys(status), ['daemon', 'chain'])
  assert.ok('keys' in ((await (await get('/heddle/1/status', owner)).json()) as object))
})

test('the page opens by a link, once, and then by a cookie that only looks', async t => {
  const { get, admin, secret, url } = await setup(t)
  assert.equal((await get('/')).status, 401)
  const { token } = (await (await admin('POST', '/heddle/1/admin/links')).json()) as { token: string }
  const opened = await get(`/?token=${token}`)
  assert.deepEqual([opened.status, opened.headers.get('location')], [303, '/'])
  const set = opened.headers.get('set-cookie')!
  assert.match(set, /; HttpOnly; SameSite=Strict$/)
  const cookie = set.split(';')[0]!
  assert.equal((await get(`/?token=${token}`)).status, 401, 'a link opens once')
  assert.equal((await get('/', { cookie })).status, 200)
  assert.ok((await (await get('/heddle/1/answers', { cookie })).text()).includes(secret))
  const writes = await fetch(`${url}/heddle/1/admin/keys`, { method: 'POST', headers: { cookie }, body: '{}' })
  assert.equal((await refused(writes)).code, 'forbidden')
  const listed = await fetch(`${url}/heddle/1/admin/keys`, { headers: { cookie } })
  assert.equal((await refused(listed)).code, 'forbidden')
  const foreign = await get('/heddle/1/answers', { cookie, origin: 'http://127.0.0.1:1' })
  assert.equal((await refused(foreign)).code, 'origin_refused')
  const forged = cookie.replace(/.$/, last => (last === 'A' ? 'B' : 'A'))
  assert.equal((await get('/heddle/1/answers', { cookie: forged })).status, 401)
})

test('a link is made by the owner alone', async t => {
  const { url, bob } = await setup(t)
  const made = await fetch(`${url}/heddle/1/admin/links`, { method: 'POST', headers: bob })
  assert.equal((await refused(made)).code, 'forbidden')
})

test('usage: one row a request, in time, by key, as JSON and as CSV; a key has its own alone', async t => {
  const { get, ask, bob, alice, receipt } = await setup(t)
  const owner = { authorization: 'Bearer admin' }
  await answered(await ask(question(), alice))
  type Usage = { rows: { key: string; receipt: string; charge: string; hed: string }[]; total: { requests: number } }
  const usage = async (query: string, headers: Record<string, string>): Promise<Usage> =>
    (await (await get(`/heddle/1/usage${query}`, headers)).json()) as Usage
  const all = await usage('', owner)
  assert.deepEqual(all.rows.map(row => row.key).sort(), ['alice', 'bob'])
  const own = await usage('', bob)
  assert.deepEqual(
    own.rows.map(row => row.receipt),
    [receipt],
  )
  assert.deepEqual((await usage('?key=bob', owner)).rows, own.rows)
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
  assert.equal((await usage(`?from=${tomorrow}`, owner)).total.requests, 0)
  assert.equal((await usage(`?to=${tomorrow}`, owner)).total.requests, 2)
  assert.equal((await refused(await get('/heddle/1/usage?key=alice', bob))).code, 'forbidden')
  assert.equal((await refused(await get('/heddle/1/usage?from=soon', owner))).code, 'bad_request')
  assert.equal((await refused(await get('/heddle/1/usage?format=xml', owner))).code, 'bad_request')
  const csv = await get('/heddle/1/usage?format=csv', owner)
  assert.match(csv.headers.get('content-type')!, /^text\/csv/)
  const lines = (await csv.text()).split('\r\n')
  assert.equal(lines[0], 'time,key,model,provider,own,prompt,cached,completion,charge,hed,receipt,finish')
  assert.equal(lines.length, 4)
  assert.ok(lines.some(line => line.includes(`,bob,scripted,`) && line.includes(receipt)))
})
