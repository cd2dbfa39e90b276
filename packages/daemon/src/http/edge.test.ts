import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { HeddleError, isHeddleError, type Log } from '@heddle/protocol'
import { createEdge, type Endpoint, sendJson } from './edge.ts'
import { errorsEndpoint, healthEndpoints } from './health.ts'
import { closeServer, listen } from './listen.ts'

const quiet: Log = { info() {}, warn() {}, error() {} }
const LIMITS = { bytes: 1_000, depth: 4 }

/** A real server with a few endpoints, and what it logged. */
async function serve(t: TestContext, more: readonly Endpoint[] = []) {
  const logged: string[] = []
  const log: Log = { info() {}, warn() {}, error: event => void logged.push(event) }
  const endpoints: Endpoint[] = [
    {
      method: 'POST',
      path: '/echo',
      async handle(call) {
        const body = await call.json()
        call.response.end(JSON.stringify({ body }))
      },
    },
    {
      method: 'GET',
      path: '/things/:id',
      handle: ({ response, params, query }) => void response.end(JSON.stringify({ ...params, q: query.get('q') })),
    },
    { method: 'PUT', path: '/things/:id', handle: ({ response }) => void response.end('put') },
    ...more,
  ]
  const server = createEdge({ log, endpoints, limits: LIMITS })
  const port = await listen(server, 0)
  t.after(() => closeServer(server))
  return { server, port, logged }
}

type Answer = { status: number; headers: IncomingHttpHeaders; text: string }
type Asked = {
  method?: string
  path?: string
  headers?: Record<string, string>
  body?: string | Uint8Array
  chunked?: boolean
}

function ask(
  port: number,
  { method = 'POST', path = '/echo', headers = {}, body, chunked }: Asked = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body !== undefined && !chunked ? { 'content-length': String(Buffer.byteLength(body)) } : {}
    const sent = httpRequest(
      { host: '127.0.0.1', port, method, path, agent: false, headers: { ...length, ...headers } },
      response => {
        let text = ''
        response.setEncoding('utf8').on('data', piece => {
          text += piece
        })
        response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }))
        response.on('error', reject)
      },
    )
    sent.on('error', reject)
    if (body !== undefined) sent.write(body)
    sent.end()
  })
}

const codeOf = ({ text }: Answer): string => (JSON.parse(text) as { error: { code: string } }).error.code

/** Bytes as they are, and what came back before the connection ended. */
async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.setEncoding('utf8').on('data', piece => {
    answer += piece
  })
  socket.on('error', () => undefined)
  socket.write(bytes)
  await once(socket, 'close')
  return answer
}

test('a body is read and parsed, up to the limit to the byte', async t => {
  const { port } = await serve(t)
  const answer = await ask(port, { body: '{"a":[1,"€"]}' })
  assert.deepEqual([answer.status, answer.text], [200, '{"body":{"a":[1,"€"]}}'])
  const fits = `"${'x'.repeat(LIMITS.bytes - 2)}"`
  assert.equal((await ask(port, { body: fits })).status, 200)
  assert.equal((await ask(port, { body: fits, chunked: true })).status, 200)
})

test('a body above the limit is refused, whether it says so or not', async t => {
  const { port } = await serve(t)
  const body = `"${'x'.repeat(LIMITS.bytes)}"`
  for (const chunked of [false, true]) {
    const answer = await ask(port, { body, chunked })
    assert.deepEqual([answer.status, codeOf(answer)], [413, 'body_too_large'])
    assert.match(answer.text, /1000 bytes/)
  }
})

test(
  'a body that is declared too large is refused before it is sent, and the connection ends',
  { timeout: 60_000 },
  async t => {
    const { port } = await serve(t)
    const answer = await raw(port, 'POST /echo HTTP/1.1\r\nhost: localhost\r\ncontent-length: 99999999999\r\n\r\n')
    assert.match(answer, /^HTTP\/1\.1 413 /)
    assert.match(answer, /connection: close/i)
  },
)

test('an endless body is cut off at the limit', { timeout: 60_000 }, async t => {
  const { port } = await serve(t)
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.on('data', piece => {
    answer += piece.toString()
  })
  socket.on('error', () => undefined)
  socket.write('POST /echo HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n')
  const chunk = `400\r\n${'x'.repeat(0x400)}\r\n`
  const timer = setInterval(() => socket.writable && socket.write(chunk), 1)
  t.after(() => clearInterval(timer))
  await new Promise(resolve => socket.on('close', resolve))
  // Who goes on writing may lose the answer with the connection; nobody gets another one.
  if (answer !== '') assert.match(answer, /^HTTP\/1\.1 413 /)
})

test('a client that sends far too much is told so, and its connection does not break under it', async t => {
  const { port } = await serve(t)
  for (let i = 0; i < 5; i++) {
    const answer = await fetch(`http://127.0.0.1:${port}/echo`, { method: 'POST', body: new Uint8Array(30 << 20) })
    assert.deepEqual([answer.status, answer.headers.get('connection')], [413, 'close'])
  }
})

test('a body that is not JSON in UTF-8 is refused', async t => {
  const { port } = await serve(t)
  const broken = ['', '{', '{"a":1,}', "{'a':1}", 'undefined', '{"a":1}{', '\u0000', '[1e999', 'NaN']
  for (const body of broken) {
    const answer = await ask(port, { body })
    assert.deepEqual([answer.status, codeOf(answer)], [400, 'bad_json'], JSON.stringify(body))
  }
  for (const bytes of [
    [0x22, 0xff, 0x22],
    [0x22, 0xc0, 0xaf, 0x22],
    [0x22, 0xed, 0xa0, 0x80, 0x22],
    [0x22, 0xe2, 0x82, 0x22],
  ]) {
    const answer = await ask(port, { body: Uint8Array.from(bytes) })
    assert.deepEqual([answer.status, codeOf(answer)], [400, 'bad_json'])
  }
})

test('nesting is counted before it is parsed; brackets in strings do not count', async t => {
  const { port } = await serve(t)
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  assert.equal((await ask(port, { body: nested(4) })).status, 200)
  for (const body of [nested(5), '[{"a":{"b":{"c":{}}}}]', '['.repeat(900), '[[{"a":"\\\\"},[[1]],{"b":[[2]]}]]']) {
    const answer = await ask(port, { body })
    assert.deepEqual([answer.status, codeOf(answer)], [400, 'nesting_too_deep'], body.slice(0, 30))
  }
  for (const body of [`"${'['.repeat(100)}"`, '["\\"[[[[[["]', `{"${'{'.repeat(50)}":"\\\\"}`, '[[],[],[],[],[],[]]']) {
    assert.equal((await ask(port, { body })).status, 200, body.slice(0, 30))
  }
})

test('another Host name is refused: no page can rebind its name to this machine', async t => {
  const { port } = await serve(t)
  for (const host of [
    'evil.example',
    `evil.example:${port}`,
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '127.0.0.2',
    '192.168.0.1',
    'localhost:',
    'localhost:80@evil.example',
  ]) {
    const answer = await ask(port, { method: 'GET', path: '/things/1', headers: { host } })
    assert.deepEqual([answer.status, codeOf(answer)], [403, 'origin_refused'], host)
  }
  for (const host of ['localhost', '127.0.0.1', '[::1]', `localhost:${port}`]) {
    assert.equal((await ask(port, { method: 'GET', path: '/things/1', headers: { host } })).status, 200, host)
  }
})

test('another origin is refused; the page of this daemon is not', async t => {
  const { port } = await serve(t)
  const host = `127.0.0.1:${port}`
  for (const origin of [
    'http://evil.example',
    'null',
    '',
    'https://127.0.0.1',
    `https://${host}`,
    'http://127.0.0.1:1',
    'file://',
    `http://${host}.evil.example`,
  ]) {
    const answer = await ask(port, { body: '1', headers: { host, origin } })
    assert.deepEqual([answer.status, codeOf(answer)], [403, 'origin_refused'], origin)
  }
  assert.equal((await ask(port, { body: '1', headers: { host, origin: `http://${host}` } })).status, 200)
})

test('a path that leads nowhere is 404, another method 405 that names the right ones; both whole errors', async t => {
  const { port } = await serve(t)
  for (const path of [
    '/',
    '/nothing',
    '/things',
    '/things/',
    '/things/1/2',
    '/echo/',
    '/%',
    '/things/%ff',
    '//',
    '//[',
    '*',
  ]) {
    const answer = await ask(port, { method: 'GET', path })
    assert.deepEqual([answer.status, codeOf(answer)], [404, 'not_found'], path)
    assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
    assert.deepEqual(Object.keys(JSON.parse(answer.text).error), ['code', 'message', 'retryable', 'fix', 'docs'])
  }
  const answer = await ask(port, { method: 'DELETE', path: '/things/1' })
  assert.deepEqual([answer.status, codeOf(answer)], [405, 'method_not_allowed'])
  assert.match(answer.text, /use GET or PUT/)
  const long = await ask(port, { method: 'GET', path: `/${'x'.repeat(5_000)}` })
  assert.ok(long.status === 404 && long.text.length < 600)
})

test('parts of a path and its query are decoded', async t => {
  const { port } = await serve(t)
  const answer = await ask(port, { method: 'GET', path: '/things/a%2Fb%20c?q=%E2%82%AC' })
  assert.deepEqual(JSON.parse(answer.text), { id: 'a/b c', q: '€' })
})

test('what an endpoint throws is told in its own shape; what nobody foresaw is logged', async t => {
  const boom = (error: unknown): Pick<Endpoint, 'method' | 'handle'> => ({
    method: 'GET',
    handle: () => {
      throw error
    },
  })
  const { port, logged } = await serve(t, [
    { ...boom(new HeddleError('busy', 'full')), path: '/busy' },
    {
      ...boom(new HeddleError('busy', 'full')),
      path: '/own',
      error: error => ({ status: 418, body: { oops: error.code } }),
    },
    { ...boom(new Error('a secret of this machine')), path: '/bug' },
    { ...boom(undefined), path: '/nothing-thrown' },
  ])
  const get = (path: string) => ask(port, { method: 'GET', path })
  const busy = await get('/busy')
  assert.deepEqual([busy.status, codeOf(busy)], [429, 'busy'])
  assert.deepEqual([(await get('/own')).status, (await get('/own')).text], [418, '{"oops":"busy"}'])
  assert.deepEqual(logged, [])
  assert.equal(codeOf(await get('/bug')), 'internal')
  assert.equal(codeOf(await get('/nothing-thrown')), 'internal')
  assert.equal(logged.length, 2)
})

test('an endpoint is told when its client goes away', { timeout: 60_000 }, async t => {
  const gone = Promise.withResolvers<void>()
  const { port } = await serve(t, [
    {
      method: 'GET',
      path: '/wait',
      async handle({ signal, response }) {
        response.write('x')
        await new Promise(resolve => signal.addEventListener('abort', resolve))
        gone.resolve()
      },
    },
  ])
  const socket = connect(port, '127.0.0.1')
  socket.write('GET /wait HTTP/1.1\r\nhost: localhost\r\n\r\n')
  await once(socket, 'data')
  socket.destroy()
  await gone.promise
})

test('what is not HTTP is answered with 400 and no more', { timeout: 60_000 }, async t => {
  const { port } = await serve(t)
  assert.match(await raw(port, 'hello\r\n\r\n'), /^HTTP\/1\.1 400 /)
  assert.match(
    await raw(port, `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`),
    /^HTTP\/1\.1 4/,
  )
})

test('a taken port is said to be one', async t => {
  const { port } = await serve(t)
  const another = createEdge({ log: { info() {}, warn() {}, error() {} }, endpoints: [] })
  await assert.rejects(
    listen(another, port),
    error => isHeddleError(error, 'port_taken') && error.message.includes(`${port}`),
  )
})

test('a server that is closed cuts the streams that still run', { timeout: 60_000 }, async t => {
  const { server, port } = await serve(t, [
    { method: 'GET', path: '/stream', handle: ({ response }) => void response.write('x') },
  ])
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write('GET /stream HTTP/1.1\r\nhost: localhost\r\n\r\n')
  await once(socket, 'data')
  const cut = once(socket, 'close')
  await closeServer(server)
  await cut
})

/** Endpoints of which pages of other origins may use one. */
const forPages: Endpoint[] = [
  {
    method: 'POST',
    path: '/ask',
    forPages: true,
    handle: async ({ response, json }) => sendJson(response, 200, await json()),
  },
  { method: 'GET', path: '/ask', forPages: true, handle: ({ response }) => sendJson(response, 200, 'got') },
  { method: 'POST', path: '/admin', handle: ({ response }) => sendJson(response, 200, {}) },
]

test('a page that the owner lets in may ask, read the answer, and do nothing else', async t => {
  const origin = 'app://obsidian.md'
  const server = createEdge({ log: quiet, endpoints: forPages, reach: { host: '127.0.0.1', origins: [origin] } })
  const port = await listen(server, 0)
  t.after(() => closeServer(server))
  const asked = await ask(port, { path: '/ask', headers: { origin }, body: '1' })
  assert.deepEqual([asked.status, asked.headers['access-control-allow-origin']], [200, origin])
  assert.equal(asked.headers['vary'], 'Origin')
  assert.equal(asked.headers['access-control-allow-credentials'], undefined, 'no cookie counts')
  const wrong = await ask(port, { path: '/ask', headers: { origin }, body: '{' })
  assert.deepEqual(
    [wrong.status, wrong.headers['access-control-allow-origin']],
    [400, origin],
    'it can read errors too',
  )

  const preflight = (path: string, from = origin) =>
    ask(port, {
      method: 'OPTIONS',
      path,
      headers: {
        origin: from,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-stainless-os',
        'access-control-request-private-network': 'true',
      },
    })
  const { status, headers } = await preflight('/ask')
  assert.equal(status, 204)
  assert.equal(headers['access-control-allow-origin'], origin)
  assert.equal(headers['access-control-allow-methods'], 'POST, GET')
  assert.equal(headers['access-control-allow-headers'], 'authorization,content-type,x-stainless-os')
  assert.equal(headers['access-control-allow-private-network'], 'true')
  assert.equal((await preflight('/admin')).status, 404)
  const foreign = await preflight('/ask', 'https://evil.example')
  assert.deepEqual([foreign.status, foreign.headers['access-control-allow-origin']], [403, undefined])

  const admin = await ask(port, { path: '/admin', headers: { origin, authorization: 'Bearer admin' }, body: '1' })
  assert.deepEqual([admin.status, codeOf(admin)], [403, 'origin_refused'])
  const without = await ask(port, { path: '/ask', body: '1' })
  assert.deepEqual([without.status, without.headers['access-control-allow-origin']], [200, undefined])
})

test('HEAD says what GET would, without a body, and ends an answer that never does', { timeout: 60_000 }, async t => {
  const gone = Promise.withResolvers<void>()
  const { port } = await serve(t, [
    { method: 'GET', path: '/one', handle: ({ response }) => sendJson(response, 200, { a: 1 }) },
    {
      method: 'GET',
      path: '/endless',
      async handle({ response, signal }) {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(': hello\n\n')
        await new Promise(resolve => signal.addEventListener('abort', resolve))
        gone.resolve()
      },
    },
  ])
  const one = await ask(port, { method: 'HEAD', path: '/one' })
  assert.deepEqual([one.status, one.headers['content-length'], one.text], [200, '7', ''])
  const endless = await ask(port, { method: 'HEAD', path: '/endless' })
  assert.deepEqual([endless.status, endless.headers['content-type'], endless.text], [200, 'text/event-stream', ''])
  await gone.promise
  assert.equal((await ask(port, { method: 'HEAD', path: '/nothing' })).status, 404)
  assert.equal((await ask(port, { method: 'HEAD', path: '/echo' })).status, 405)
})

test('a byte order mark is no part of a body', async t => {
  const { port } = await serve(t)
  const answer = await ask(port, { body: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('{"a":1}')]) })
  assert.deepEqual([answer.status, answer.text], [200, '{"body":{"a":1}}'])
})

test('a packed body is unpacked, up to the limit', async t => {
  const { port } = await serve(t)
  const packings: Record<string, (bytes: Buffer) => Buffer> = {
    gzip: gzipSync,
    'x-gzip': gzipSync,
    GZIP: gzipSync,
    deflate: deflateSync,
    br: brotliCompressSync,
    zstd: zstdCompressSync,
    identity: bytes => bytes,
  }
  for (const [name, pack] of Object.entries(packings)) {
    const headers = { 'content-encoding': name }
    const answer = await ask(port, { headers, body: pack(Buffer.from('{"a":"€"}')) })
    assert.deepEqual([answer.status, answer.text], [200, '{"body":{"a":"€"}}'], name)
    const full = await ask(port, { headers, body: pack(Buffer.from(`"${'x'.repeat(LIMITS.bytes - 2)}"`)) })
    assert.equal(full.status, 200, name)
    const over = await ask(port, { headers, body: pack(Buffer.from(`"${'x'.repeat(LIMITS.bytes - 1)}"`)) })
    assert.deepEqual([over.status, codeOf(over)], [413, 'body_too_large'], name)
  }
  const bare = await ask(port, { headers: { 'content-encoding': 'deflate' }, body: deflateRawSync('{"a":1}') })
  assert.equal(bare.text, '{"body":{"a":1}}')
})

test('a bomb is put out at the limit, in a moment and without its bytes', async t => {
  const { port } = await serve(t)
  // A thousand bytes that are a million; brotli's are fewer still.
  const zeros = Buffer.alloc(1 << 20)
  for (const [name, pack] of Object.entries({
    gzip: gzipSync,
    deflate: deflateSync,
    br: brotliCompressSync,
    zstd: zstdCompressSync,
  })) {
    const packed = pack(zeros)
    const answer = await ask(port, { headers: { 'content-encoding': name }, body: packed.subarray(0, LIMITS.bytes) })
    assert.deepEqual([answer.status, codeOf(answer)], [413, 'body_too_large'], name)
  }
})

test('a packing that is not known is named, with those that are; a broken one is a bad request', async t => {
  const { port } = await serve(t)
  for (const name of ['compress', 'gzip, br', 'rot13', 'toString']) {
    const answer = await ask(port, { headers: { 'content-encoding': name }, body: '{}' })
    assert.deepEqual([answer.status, codeOf(answer)], [415, 'encoding_unsupported'], name)
    assert.equal(answer.headers['accept-encoding'], 'gzip, deflate, br, zstd')
    assert.match(answer.text, /content-encoding/)
  }
  for (const name of ['gzip', 'deflate', 'br', 'zstd']) {
    for (const body of ['{"a":1}', '', gzipSync('{"a":1}').subarray(0, 15)]) {
      const answer = await ask(port, { headers: { 'content-encoding': name }, body })
      assert.equal(answer.status, 400, `${name} ${body.length}`)
    }
  }
})

test('a path that leads nowhere is told in the words of what is nearest to it', async t => {
  const shaped = (path: string, words: string): Endpoint => ({
    method: 'POST',
    path,
    handle: ({ response }) => sendJson(response, 200, {}),
    error: error => ({ status: error.status, body: { [words]: error.code } }),
  })
  const { port } = await serve(t, [
    { method: 'GET', path: '/v1/health', handle: ({ response }) => sendJson(response, 200, {}) },
    shaped('/v1/chat/completions', 'one'),
    shaped('/v1/messages', 'other'),
    shaped('/v1/models/:id', 'one'),
    shaped('/heddle/1/status', 'none'),
  ])
  const said = async (method: string, path: string) => {
    const { status, text } = await ask(port, { method, path })
    return [status, JSON.parse(text)]
  }
  for (const path of ['/v1/files', '/v1/images/generations', '/v1', '/v1/chat/completions/x', '/v1/models/a/b'])
    assert.deepEqual(await said('POST', path), [404, { one: 'not_found' }], path)
  for (const path of ['/v1/messages/batches', '/v1/messages/batches/1/results'])
    assert.deepEqual(await said('GET', path), [404, { other: 'not_found' }], path)
  assert.deepEqual(await said('GET', '/v1/messages'), [405, { other: 'method_not_allowed' }])
  assert.deepEqual(await said('DELETE', '/v1/chat/completions'), [405, { one: 'method_not_allowed' }])
  const [status, { error }] = (await said('GET', '/v2/files')) as [number, { error: { code: string } }]
  assert.deepEqual([status, error.code], [404, 'not_found'])
})

test('every error says where it is explained, and there it is', async t => {
  const { port } = await serve(t, [errorsEndpoint()])
  const { text } = await ask(port, { method: 'GET', path: '/nothing' })
  const docs = new URL(JSON.parse(text).error.docs, `http://127.0.0.1:${port}`)
  const page = await ask(port, { method: 'GET', path: docs.pathname })
  assert.equal(page.status, 200)
  assert.match(String(page.headers['content-type']), /^text\/html/)
  for (const code of [docs.hash.slice(1), 'cap_reached', 'internal'])
    assert.ok(page.text.includes(`id="${code}"`), code)
})

test('health is told to anybody, and nothing else with it', async t => {
  const { port } = await serve(t, healthEndpoints())
  for (const path of ['/health', '/healthz', '/heddle/1/health']) {
    const answer = await ask(port, { method: 'GET', path })
    assert.deepEqual([answer.status, answer.text], [200, '{"status":"ok"}'])
  }
})
