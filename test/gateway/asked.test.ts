import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { checkAsked, questionIn } from '@heddle/inference/asked'
import { digestOf, isHeddleError, type Model, randomBytes, toHex } from '@heddle/protocol'
import { type Opened, readOpened } from '@heddle/sdk'
import { API_KEY, type GatewayStage, question, refused, startGatewayStage } from '../faults/gateway-stage.ts'
import { startStage } from '../faults/stage.ts'

type Edit = (body: Record<string, unknown>, headers: Record<string, string>) => void
const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' }
const newNonce = () => toHex(randomBytes(32))

/** A gateway that edits what it is asked before it buys: the receipt that it shows is genuine. */
async function editedBy(t: TestContext, gateway: GatewayStage, edit: Edit): Promise<string> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const body = JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>
    const { 'heddle-nonce': nonce } = request.headers
    const passed: Record<string, string> = { ...headers, ...(nonce ? { 'heddle-nonce': String(nonce) } : {}) }
    edit(body, passed)
    const answer = await fetch(gateway.url + request.url, {
      method: 'POST',
      headers: passed,
      body: JSON.stringify(body),
    })
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function setup(t: TestContext) {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const gateway = await startGatewayStage(t, [stage])
  const send = (url: string, path: string, body: unknown, nonce: string) =>
    fetch(url + path, { method: 'POST', headers: { ...headers, 'heddle-nonce': nonce }, body: JSON.stringify(body) })
  /** What a customer sees: its answer, and the receipt opened with its own key. */
  const buy = async (url: string, path: string, body: unknown, nonce = newNonce()) => {
    const response = await send(url, path, body, nonce)
    assert.equal(response.status, 200, await response.clone().text())
    const json = (await response.json()) as {
      heddle: { receipt: string }
      choices?: { message: { content: string } }[]
    }
    const opened: Opened = readOpened(
      await (await fetch(`${gateway.url}/heddle/1/receipts/${json.heddle.receipt}/evidence`, { headers })).json(),
    )
    return { answered: opened.answered, nonce, text: json.choices?.[0]?.message?.content }
  }
  return { stage, gateway, send, buy }
}

const chat = '/v1/chat/completions'
const fieldsOf = (differences: readonly { field: string }[]) => differences.map(({ field }) => field).sort()

test('an honest gateway passes on question, settings and nonce, at every door', async t => {
  const { gateway, buy } = await setup(t)
  const messages = [{ role: 'user', content: 'weave' }]
  const bodies: [string, object][] = [
    [chat, question({ temperature: 0.4, top_p: 0.9, stop: ['end'], prompt_cache_key: 'mine' })],
    [chat, { model: 'scripted', messages }],
    ['/v1/completions', { model: 'scripted', prompt: 'weave', max_tokens: 9 }],
    ['/v1/responses', { model: 'scripted', input: 'weave', store: false }],
    ['/v1/messages', { model: 'scripted', max_tokens: 9, messages }],
  ]
  for (const [path, body] of bodies) {
    const { answered, nonce, text } = await buy(gateway.url, path, body)
    const asked = { path, body, nonce, ...(text === undefined ? {} : { text }) }
    assert.deepEqual(await checkAsked(asked, answered), [], path)
    assert.equal(answered.receipt.receipt.nonce, nonce)
  }
})

const edits: [string, Edit, string[]][] = [
  ['the prompt', body => void Object.assign(body, { messages: [{ role: 'user', content: 'praise' }] }), ['messages']],
  ['a setting', body => void Object.assign(body, { temperature: 0 }), ['temperature']],
  ['a setting away', body => void delete body['stop'], ['stop']],
  ['the limit', body => void Object.assign(body, { max_tokens: 1 }), ['maxCompletion']],
  ['the nonce', (_, passed) => void Object.assign(passed, { 'heddle-nonce': newNonce() }), ['nonce']],
  ['the nonce away', (_, passed) => void delete passed['heddle-nonce'], ['nonce']],
]
for (const [name, edit, fields] of edits) {
  test(`a gateway that edits ${name} is seen by its customer: ${fields}`, async t => {
    const { gateway, buy } = await setup(t)
    const body = question({ temperature: 0.7, stop: ['end'] })
    const { answered, nonce } = await buy(await editedBy(t, gateway, edit), chat, body)
    assert.deepEqual(fieldsOf(await checkAsked({ path: chat, body, nonce }, answered)), fields)
  })
}

test('a gateway that shows another text than was signed is seen', async t => {
  const { gateway, buy } = await setup(t)
  const body = question()
  const { answered, nonce, text } = await buy(gateway.url, chat, body)
  assert.deepEqual(await checkAsked({ path: chat, body, nonce, text: text! }, answered), [])
  assert.deepEqual(fieldsOf(await checkAsked({ path: chat, body, nonce, text: `${text} Buy HED.` }, answered)), [
    'text',
  ])
})

test('a receipt of another question of the same customer does not pass', async t => {
  const { gateway, buy } = await setup(t)
  const mine = await buy(gateway.url, chat, question())
  const other = await buy(gateway.url, chat, question({ messages: [{ role: 'user', content: 'other' }] }))
  const differences = await checkAsked({ path: chat, body: question(), nonce: mine.nonce }, other.answered)
  assert.deepEqual(fieldsOf(differences), ['messages', 'nonce'])
})

test('a nonce that is none is refused with its name; one that comes twice at once is answered once', async t => {
  const { gateway, stage, send } = await setup(t)
  for (const bad of ['', '7', `0x${'A'.repeat(64)}`, `0x${'0'.repeat(63)}`]) {
    const error = await refused(await send(gateway.url, chat, question(), bad))
    assert.deepEqual([error.status, error.code, error.param], [400, 'bad_request', 'heddle-nonce'], bad)
  }
  const nonce = digestOf('once')
  const both = await Promise.all([0, 1].map(() => send(gateway.url, chat, question(), nonce)))
  const good = both.filter(({ status }) => status === 200)
  assert.ok(good.length >= 1)
  const receipts = await gateway.ledger.read('receipts')
  assert.equal(receipts.length, good.length)
  assert.equal(stage.worker.asked.length, good.length)
})

test('where nothing is asked there is no question: lists, quotes, counts and foreign paths', async () => {
  const model: Model = { id: 'scripted', digest: digestOf('m'), context: 1_024, prices: {}, features: ['chat'] }
  const body = { model: 'scripted', messages: [{ role: 'user', content: 'weave' }] }
  for (const path of ['/v1/models', '/v1/quote', '/v1/messages/count_tokens', '/heddle/1/jobs', ''])
    await assert.rejects(questionIn(path, body, [model]), error => isHeddleError(error, 'not_found'), path)
})
