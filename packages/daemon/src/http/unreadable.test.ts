import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { Log } from '@heddle/protocol'
import { createEdge, type EdgeLimits, type Endpoint, sendJson } from './edge.ts'
import { closeServer, listen } from './listen.ts'

const quiet: Log = { info() {}, warn() {}, error() {} }

/** Answers once a body is whole. */
const reading: Endpoint = {
  method: 'POST',
  path: '/cloth',
  handle: async ({ json, response }) => sendJson(response, 200, await json()),
}

/** What a server answers to these bytes: its status, and its error. */
async function answerTo(
  t: TestContext,
  sent: string,
  limits: EdgeLimits = {},
): Promise<[number, { code: string; message: string; fix: string }]> {
  const server = createEdge({ log: quiet, endpoints: [reading], limits })
  const port = await listen(server, 0)
  t.after(() => closeServer(server))
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(sent)
  let text = ''
  for await (const part of socket) text += part
  const [head = '', body = ''] = text.split('\r\n\r\n')
  return [
    Number(head.split(' ')[1]),
    (JSON.parse(body) as { error: { code: string; message: string; fix: string } }).error,
  ]
}

test('what is no request that can be read is told with a code and a fix', async t => {
  const head = 'GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\n'
  const cases: [string, number, string, RegExp][] = [
    ['hello\r\n\r\n', 400, 'bad_request', /no HTTP\/1\.1 request/],
    ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, 'bad_request', /no HTTP\/1\.1 request/],
    [`${head}transfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n`, 400, 'bad_request', /no HTTP\/1\.1 request/],
    [`${head}x: ${'a'.repeat(70_000)}\r\n\r\n`, 431, 'bad_request', /16 KiB/],
  ]
  for (const [sent, status, code, words] of cases) {
    const [answered, error] = await answerTo(t, sent)
    assert.deepEqual([answered, error.code], [status, code], sent.slice(0, 20))
    assert.match(error.message, words)
    assert.ok(error.fix.length > 0)
  }
})

test('a request that does not come whole is told so when its time is over', async t => {
  const sent = 'POST /cloth HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 10\r\n\r\nhalf'
  const [status, { code, message }] = await answerTo(t, sent, { arrival: 100 })
  assert.deepEqual([status, code], [408, 'bad_request'])
  assert.match(message, /did not come whole/)
})
