import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EngineKind } from '../engines/settings.ts'
import { ollamaEmbeddings, ollamaFacts, ollamaMessages } from './recording-ollama.ts'
import { openAiEmbeddings, openAiFacts, openAiMessages } from './recording-openai.ts'

/** What the engine answers with. It may be changed while it listens. */
export type EngineScript = {
  /** Tokens of the answer. */
  tokens: readonly string[]
  reasoning?: readonly string[]
  toolCalls?: readonly { name: string; arguments: string }[]
  finish?: 'stop' | 'length'
  /** What it says that it used, whatever it sent. */
  usage?: { prompt?: number; completion?: number; cached?: number }
  /** Milliseconds before each token. */
  between?: number
  /** Tokens in one message. */
  together?: number
  /** Breaks the connection before this token. */
  dieAt?: number
  /** Never stops, whatever was asked for. */
  endless?: boolean
  /** Goes on after the end of the answer: milliseconds until the body ends, or for ever. */
  lingers?: number | 'for ever'
  /** Written instead of a stream, as it is. */
  raw?: string | Uint8Array
  /** Answers every question with this status. */
  status?: number
  /** What an error says. */
  error?: string
}

export type RecordedRequest = { method: string; path: string; headers: IncomingMessage['headers']; body: unknown }

export type RecordingEngine = {
  kind: EngineKind
  url: string
  port: number
  script: EngineScript
  /** The models that it lists, by name; `digest` is Ollama's, of a manifest. */
  models: { name: string; digest: string; remote?: boolean; capabilities?: string[] }[]
  /** Every byte that came in, over all connections, one character each. */
  received(): string
  /** Requests that were complete. */
  requests: RecordedRequest[]
  /** Questions alone, without what asks the engine about itself. */
  questions(): RecordedRequest[]
  version: string
  /** Connections that were cut by the other side while an answer was written. */
  cut(): number
  /** Connections that were ever made, and answers that are being written now. */
  connections(): number
  answering(): number
  stop(): Promise<void>
  /** Listens again on the same port after `stop`. */
  start(): Promise<void>
}

const QUESTIONS = [
  '/api/chat',
  '/api/generate',
  '/api/embed',
  '/v1/chat/completions',
  '/v1/completions',
  '/v1/embeddings',
]

export const words = (count: number, word = 'wov '): string[] => Array.from({ length: count }, () => word)

/**
 * An engine that listens, records every byte that reaches it, and answers by script in the API of its kind. Like the
 * real ones it asks nobody for a key, and its management routes do what they are told: an attack that came through
 * would be seen to succeed.
 */
export async function startRecordingEngine(
  kind: EngineKind,
  script: Partial<EngineScript> = {},
  host = '127.0.0.1',
): Promise<RecordingEngine> {
  const sockets = new Set<Socket>()
  const pieces: Buffer[] = []
  let cut = 0
  let connections = 0
  let answering = 0
  const server = createServer((request, response) => {
    answering++
    response.on('close', () => answering--)
    void answer(engine, request, response, () => cut++)
  })
  server.on('connection', socket => {
    connections++
    sockets.add(socket)
    socket.on('data', bytes => pieces.push(bytes as Buffer))
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('clientError', (_, socket) => socket.destroy())
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, () => resolve())
    })
  await listen(0)
  const { port } = server.address() as AddressInfo
  const engine: RecordingEngine = {
    kind,
    url: `http://127.0.0.1:${port}`,
    port,
    script: { tokens: words(5), ...script },
    models: [{ name: 'toy:1b', digest: 'ab'.repeat(32) }],
    version: '0.30.1',
    received: () => Buffer.concat(pieces).toString('latin1'),
    requests: [],
    questions: () => engine.requests.filter(one => QUESTIONS.includes(one.path)),
    cut: () => cut,
    connections: () => connections,
    answering: () => answering,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
    start: () => listen(port),
  }
  return engine
}

async function answer(engine: RecordingEngine, request: IncomingMessage, response: ServerResponse, onCut: () => void) {
  const parts: Buffer[] = []
  try {
    for await (const part of request) parts.push(part as Buffer)
  } catch {
    return
  }
  const text = Buffer.concat(parts).toString('utf8')
  const path = new URL(request.url ?? '/', 'http://engine').pathname
  const body = parse(text)
  engine.requests.push({ method: request.method ?? '', path, headers: request.headers, body })
  const send = (value: unknown, status = 200) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  }
  const fact = factsOf(engine, path, body)
  if (fact !== undefined) return send(fact)
  if (!QUESTIONS.includes(path)) return send({ status: 'success' }, kindless(path) ? 200 : 404)
  const { script } = engine
  if (script.status) return send({ error: { message: script.error ?? 'no', type: 'error' } }, script.status)
  const asked = body as Record<string, unknown>
  if (path === '/api/embed') return send(ollamaEmbeddings(engine, asked))
  if (path === '/v1/embeddings') return send(openAiEmbeddings(engine, asked))
  response.on('close', () => {
    if (!response.writableFinished) onCut()
  })
  const ollama = path.startsWith('/api/')
  response.writeHead(200, { 'content-type': ollama ? 'application/x-ndjson' : 'text/event-stream' })
  if (script.raw !== undefined) return void response.end(script.raw)
  const messages = ollama ? ollamaMessages(engine, path, asked) : openAiMessages(engine, path, asked)
  for await (const message of messages) {
    if (message === undefined || response.destroyed) return void response.destroy()
    if (!response.write(message)) await drained(response)
  }
  if (script.lingers === 'for ever') while (!response.destroyed) await spoken(response)
  else if (script.lingers) await sleep(script.lingers)
  response.end()
}

/** Something that means nothing, in either framing. */
const spoken = async (response: ServerResponse): Promise<void> => {
  if (!response.write('\n'.repeat(4_096))) await drained(response)
  await sleep(1)
}

const drained = (response: ServerResponse): Promise<void> =>
  new Promise(resolve => {
    const go = () => {
      response.off('drain', go).off('close', go)
      resolve()
    }
    response.on('drain', go).on('close', go)
  })

const parse = (text: string): unknown => {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return text
  }
}

/** Whether every real engine has something there, and does it without asking who wants it. */
const kindless = (path: string): boolean => /^\/(api|invocations|pooling|score|rerank|slots|lora|v1|props)/.test(path)

function factsOf(engine: RecordingEngine, path: string, body: unknown): unknown {
  if (path === '/tokenize') return { tokens: [1, 2, 3, 4], count: 4 }
  if (path === '/apply-template') return { prompt: 'a b c d' }
  return engine.kind === 'ollama' ? ollamaFacts(engine, path, body) : openAiFacts(engine, path)
}
