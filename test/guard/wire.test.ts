import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { MODEL, request, startGuardStage, statusOf } from './stage.ts'

const chat = (content: string, over: Record<string, unknown> = {}) => ({
  model: MODEL,
  messages: [{ role: 'user', content }],
  max_tokens: 8,
  ...over,
})
const PATH = '/v1/chat/completions'

test('DNS rebinding: only the name of this machine is a Host', async t => {
  const stage = await startGuardStage(t)
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.nip.io',
    '169.254.169.254',
    'ollama',
    '[::]',
    '0.0.0.0',
  ])
    for (const answer of await stage.attack(request('POST', PATH, chat('ATTACK'), { host })))
      assert.equal(statusOf(answer), 403, `${host}: ${answer.slice(0, 80)}`)
  await stage.held('ATTACK')
})

test('a page of another origin gets neither an answer nor permission to ask', async t => {
  const stage = await startGuardStage(t)
  for (const origin of ['https://evil.example', 'null', 'http://localhost:1', 'app://x', 'file://']) {
    for (const answer of await stage.attack(request('POST', PATH, chat('ATTACK'), { origin })))
      assert.equal(statusOf(answer), 403, origin)
    const headers = { origin, 'access-control-request-method': 'POST' }
    for (const answer of await stage.attack(request('OPTIONS', PATH, '', headers))) {
      assert.ok(statusOf(answer) >= 400, origin)
      assert.doesNotMatch(answer, /access-control-allow/i)
    }
  }
  // What a page may send without asking first: a form, plain text.
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
    for (const answer of await stage.attack(
      request('POST', PATH, chat('ATTACK'), { 'content-type': type, origin: 'https://evil.example' }),
    ))
      assert.equal(statusOf(answer), 403, type)
  await stage.held('ATTACK')
})

test('header smuggling: two lengths, two ends of a request, or a second request inside the first', async t => {
  const stage = await startGuardStage(t)
  const inner = request('POST', '/api/pull', { model: 'ATTACK' })
  const head = `POST ${PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\n`
  const attacks = [
    `${head}content-length: 5\r\ncontent-length: 6\r\n\r\nATTACK`,
    `${head}content-length: 6\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
    `${head}transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n${inner}`,
    `${head}transfer-encoding: xchunked\r\n\r\n${inner}`,
    `${head}transfer-encoding : chunked\r\n\r\n0\r\n\r\n${inner}`,
    `${head}transfer-encoding: chunked\r\n\r\nZZ\r\nATTACK\r\n0\r\n\r\n`,
    `${head}transfer-encoding: chunked\r\n\r\nffffffffffffffff\r\nATTACK`,
    `${head}content-length: +6\r\n\r\nATTACK`,
    `${head}content-length: -1\r\n\r\nATTACK`,
    `${head}content-length: 0x6\r\n\r\nATTACK`,
    `${head}content-length: 99999999999999999999\r\n\r\nATTACK`,
    `${head}x: a\nATTACK: b\r\n\r\n`,
    `${head}x: a\r ATTACK: b\r\n\r\n`,
    `${head}upgrade: h2c\r\nconnection: upgrade\r\ncontent-length: 0\r\n\r\nATTACK`,
    `POST ${PATH} HTTP/1.1\nhost: 127.0.0.1\ncontent-length: 6\n\nATTACK`,
    `POST ${PATH}\r\n\r\nATTACK`,
    `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nATTACK`,
    `${head}x: ${'y'.repeat(200_000)}\r\n\r\nATTACK`,
    `\x16\x03\x01\x02\x00\x01\x00ATTACK`,
    `${request('GET', '/v1/models', '', { connection: 'keep-alive' })}${inner}`,
  ]
  for (const bytes of attacks)
    for (const answer of await stage.attack(bytes)) assert.doesNotMatch(answer, /"status":"success"/)
  await stage.held('ATTACK')
})

test('whoever sends slowly holds up nobody, and asks nothing of the engine', async t => {
  const stage = await startGuardStage(t)
  const sockets = [stage.stage.url, stage.gateway.url].flatMap(url =>
    Array.from({ length: 100 }, (_, i) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1')
      socket.on('error', () => undefined)
      const begun =
        i % 2 === 0
          ? `POST ${PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-ATTACK: `
          : request('POST', PATH, chat('ATTACK')).slice(0, -20)
      socket.write(begun)
      const timer = setInterval(() => socket.writable && socket.write('a'), 50)
      socket.on('close', () => clearInterval(timer))
      return socket
    }),
  )
  t.after(() => {
    for (const socket of sockets) socket.destroy()
  })
  for (let i = 0; i < 5; i++) await stage.held('ATTACK')
})

test('bodies that are too large, too deep, packed or no text are refused with a code', async t => {
  const stage = await startGuardStage(t)
  const send = async (body: Uint8Array | string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${stage.gateway.url}${PATH}`, {
      method: 'POST',
      headers: { authorization: 'Bearer hd-test-key', ...headers },
      body: body as BodyInit,
    }).catch(() => undefined)
    return response && { status: response.status, text: await response.text() }
  }
  const bomb = gzipSync(JSON.stringify(chat('ATTACK'.repeat(1_000_000))))
  for (const encoding of ['gzip', 'deflate', 'br', 'zstd', 'gzip, gzip', 'identity, gzip']) {
    const answer = await send(bomb, { 'content-encoding': encoding })
    assert.ok(answer && [400, 415].includes(answer.status), `${encoding}: ${answer?.text.slice(0, 100)}`)
  }
  const huge = await send(JSON.stringify(chat('ATTACK'.repeat(3_000_000))))
  assert.ok(huge === undefined || huge.status === 413, huge?.text.slice(0, 100))
  const deep = await send(`{"model":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)
  assert.equal(deep?.status, 400)
  const long = await send(JSON.stringify(chat('ATTACK'.repeat(100_000))))
  assert.equal(long?.status, 400)
  await stage.held('ATTACK')
})
