/**
 * An engine that costs nothing: an OpenAI-compatible server with one fixed answer, so that what is measured is what
 * stands in front of it. `stream` answers with as many tokens as `max_tokens` asks, at once.
 */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

const MODEL = 'mock-model'
const TEXT = 'The heddle lifts every other thread, and the shuttle passes.'
const usage = (completion: number) => ({
  prompt_tokens: 24,
  completion_tokens: completion,
  total_tokens: 24 + completion,
})
const head = { id: 'chatcmpl-mock', created: 1_700_000_000, model: MODEL }
const whole = Buffer.from(
  JSON.stringify({
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: TEXT }, logprobs: null, finish_reason: 'stop' }],
    usage: usage(13),
  }),
)
const models = Buffer.from(
  JSON.stringify({ object: 'list', data: [{ id: MODEL, object: 'model', created: 0, owned_by: 'mock' }] }),
)

const chunk = (delta: object, reason: string | null, more: object = {}): string =>
  `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: reason }], ...more })}\n\n`
const opening = chunk({ role: 'assistant', content: '' }, null)
const token = chunk({ content: ' wov' }, null)
const ending = (tokens: number): string =>
  `${chunk({}, 'stop')}data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [], usage: usage(tokens) })}\n\ndata: [DONE]\n\n`

function json(response: ServerResponse, body: Buffer): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
  response.end(body)
}

/** Tokens one after the other, `between` milliseconds apart. */
function stream(response: ServerResponse, tokens: number, between: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(opening)
  let sent = 0
  const next = (): void => {
    if (response.destroyed) return
    if (sent === tokens) return void response.end(ending(tokens))
    sent += 1
    response.write(token)
    if (between > 0) setTimeout(next, between)
    else setImmediate(next)
  }
  next()
}

const between = Number(process.env['MOCK_BETWEEN_MS'] ?? 0)
const server = createServer((request, response) => {
  if (request.method === 'GET') return json(response, models)
  let body = ''
  request.setEncoding('utf8').on('data', (text: string) => {
    body += text
  })
  request.on('end', () => {
    if (!/"stream":\s*true/.test(body)) return json(response, whole)
    const wanted = Number(/"max_(?:completion_)?tokens":\s*([0-9]+)/.exec(body)?.[1] ?? 13)
    stream(response, between > 0 ? wanted : Math.min(wanted, 13), between)
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => process.send?.({ ready: true, port: (server.address() as AddressInfo).port }))
process.on('disconnect', () => process.exit(0))
