import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import type { EngineSettings } from '@heddle/inference/engines'

/** What the engine was given to answer, as far as scripts look at it. */
export type Asked = {
  messages: { role: string; content?: unknown; tool_calls?: { function: { name: string; arguments: string } }[] }[]
  tools?: { function: { name: string; parameters?: unknown } }[]
  tool_choice?: unknown
  response_format?: unknown
  stop?: unknown
  seed?: number
  max_tokens?: number
}

/** One answer: a text, calls of tools, or both. */
export type Turn = { says?: string; calls?: readonly { name: string; arguments: object }[]; thinks?: string }

/** What is answered to what was asked. */
export type Script = (asked: Asked) => Turn

const FEATURES: EngineSettings['features'] = [
  'chat',
  'tools',
  'tool_choice',
  'strict',
  'json',
  'schema',
  'seed',
  'penalties',
  'top_k',
  'images',
]

/** A conversation's turn: how many answers with calls stand in it already. */
export const turnOf = ({ messages }: Asked): number =>
  messages.filter(({ role, tool_calls }) => role === 'assistant' && (tool_calls?.length ?? 0) > 0).length

/**
 * An engine with OpenAI's API that plays a script: it streams its text word by word and the arguments of a call in
 * pieces, as engines do. Holds what it was asked; `settings` is what a house takes as its own engine.
 */
export async function startScriptedEngine(t: TestContext, script: Script) {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    if (request.method === 'GET') return answerFacts(request.url ?? '', response)
    const question = JSON.parse(Buffer.concat(pieces).toString()) as Asked
    asked.push(question)
    play(script(question), response)
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const settings: EngineSettings = { kind: 'openai', url, features: FEATURES, context: 131_072 }
  return { asked, settings }
}

function answerFacts(path: string, response: ServerResponse): void {
  const known = path === '/v1/models'
  const body = known ? { object: 'list', data: [{ id: 'scripted', object: 'model', owned_by: 'a script' }] } : {}
  response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function play({ says = '', calls = [], thinks }: Turn, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const event = (value: object): void => void response.write(`data: ${JSON.stringify({ id: 'x', ...value })}\n\n`)
  const delta = (delta: object, finish_reason: string | null = null): void =>
    event({ choices: [{ index: 0, delta, finish_reason }] })
  let tokens = 0
  delta({ role: 'assistant', content: '' })
  if (thinks) delta({ reasoning_content: thinks })
  for (const content of says.match(/\S+\s*|\s+/g) ?? []) {
    tokens++
    delta({ content })
  }
  for (const [index, { name, arguments: values }] of calls.entries()) {
    delta({ tool_calls: [{ index, id: `engine_${index}`, type: 'function', function: { name, arguments: '' } }] })
    for (const piece of JSON.stringify(values).match(/.{1,12}/gs) ?? []) {
      tokens++
      delta({ tool_calls: [{ index, function: { arguments: piece } }] })
    }
  }
  delta({}, calls.length > 0 ? 'tool_calls' : 'stop')
  event({ choices: [], usage: { prompt_tokens: 10, completion_tokens: tokens, total_tokens: 10 + tokens } })
  response.end('data: [DONE]\n\n')
}
