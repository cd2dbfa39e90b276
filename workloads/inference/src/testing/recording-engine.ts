import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EngineKind } from '../engines/settings.ts'

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
  if (path === '/api/embed') return send({ embeddings: vectors(asked), prompt_eval_count: script.usage?.prompt ?? 3 })
  if (path === '/v1/embeddings')
    return send({
      data: vectors(asked).map((embedding, index) => ({ index, embedding })),
      usage: { prompt_tokens: script.usage?.prompt ?? 3 },
    })
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

const vectors = ({ input }: Record<string, unknown>): number[][] =>
  (Array.isArray(input) ? input : [input]).map((_, i) => [0.5, -0.25, i])

/** Whether every real engine has something there, and does it without asking who wants it. */
const kindless = (path: string): boolean => /^\/(api|invocations|pooling|score|rerank|slots|lora|v1|props)/.test(path)

function factsOf(engine: RecordingEngine, path: string, body: unknown): unknown {
  const ollama = engine.kind === 'ollama'
  if (ollama && path === '/api/version') return { version: engine.version }
  if (ollama && path === '/api/status') return { cloud: { disabled: false, source: 'none' } }
  if (ollama && path === '/api/tags')
    return {
      models: engine.models.map(({ name, digest, remote }) => ({
        name,
        model: name,
        digest,
        size: 1_000,
        details: { family: 'toy', quantization_level: 'Q4_0' },
        ...(remote ? { remote_host: 'https://ollama.com:443', remote_model: name } : {}),
      })),
    }
  if (ollama && path === '/api/ps')
    return { models: engine.models.map(({ name }) => ({ name, model: name, size: 1_000, size_vram: 0 })) }
  if (ollama && path === '/api/show') {
    const name = (body as { model?: unknown })?.model
    const model = engine.models.find(one => one.name === name)
    return {
      details: { family: 'toy', quantization_level: 'Q4_0' },
      model_info: { 'toy.context_length': 4_096 },
      capabilities: model?.capabilities ?? ['completion', 'tools', 'vision', 'thinking'],
    }
  }
  if (path === '/v1/models' && !ollama) {
    const owner = { 'llama-server': 'llamacpp', vllm: 'vllm', openai: 'somebody', ollama: '' }[engine.kind]
    const data = engine.models.map(({ name }) => ({ id: name, object: 'model', owned_by: owner, max_model_len: 4_096 }))
    return { object: 'list', data }
  }
  if (engine.kind === 'vllm' && path === '/version') return { version: '0.11.0' }
  if (engine.kind === 'llama-server' && path === '/props')
    return {
      total_slots: 2,
      build_info: 'b6000-abc',
      model_path: '',
      default_generation_settings: { n_ctx: 4_096 },
      chat_template_caps: { supports_tools: true },
      modalities: { vision: true },
    }
  if (path === '/tokenize') return { tokens: [1, 2, 3, 4], count: 4 }
  if (path === '/apply-template') return { prompt: 'a b c d' }
  return undefined
}

type Messages = AsyncGenerator<string | undefined>

/** The tokens to send, in groups, as the script has them; `undefined` where the engine dies. */
async function* groups(script: EngineScript, limit: number): AsyncGenerator<string[] | undefined> {
  const { tokens, between = 0, together = 1, dieAt, endless } = script
  const count = endless ? Number.POSITIVE_INFINITY : Math.min(tokens.length, limit)
  for (let i = 0; i < count; i += together) {
    if (between > 0) await sleep(between, undefined, { ref: false })
    if (dieAt !== undefined && i + 1 >= dieAt) return yield undefined
    yield Array.from({ length: Math.min(together, count - i) }, (_, j) => tokens[(i + j) % tokens.length]!)
  }
}

async function* ollamaMessages({ script }: RecordingEngine, path: string, asked: Record<string, unknown>): Messages {
  const options = (asked['options'] ?? {}) as Record<string, unknown>
  const limit = Number(options['num_predict'] ?? 100)
  const line = (value: Record<string, unknown>) => `${JSON.stringify({ model: asked['model'], ...value })}\n`
  const said = (fields: Record<string, unknown>) => line({ message: { role: 'assistant', content: '', ...fields } })
  for (const thinking of script.reasoning ?? []) yield said({ thinking })
  for await (const group of groups(script, limit)) {
    if (!group) return yield undefined
    const text = group.join('')
    const likely = asked['logprobs'] ? { logprobs: group.map(token => ({ token, logprob: -0.5 })) } : {}
    yield path === '/api/generate' ? line({ response: text }) : line({ message: { content: text }, ...likely })
  }
  const calls = (script.toolCalls ?? []).map(call => ({
    function: { name: call.name, arguments: JSON.parse(call.arguments) as unknown },
  }))
  if (calls.length > 0) yield said({ tool_calls: calls })
  const sent = Math.min(script.tokens.length, limit)
  yield line({
    done: true,
    done_reason: script.finish ?? (script.tokens.length > limit ? 'length' : 'stop'),
    prompt_eval_count: script.usage?.prompt ?? 7,
    eval_count: script.usage?.completion ?? sent + (script.reasoning?.length ?? 0),
  })
}

async function* openAiMessages(engine: RecordingEngine, path: string, asked: Record<string, unknown>): Messages {
  const { script, kind } = engine
  const limit = Number(asked['max_tokens'] ?? 100)
  const choices = Number(asked['n'] ?? 1)
  const event = (value: Record<string, unknown>) => `data: ${JSON.stringify({ id: 'x', ...value })}\n\n`
  const at = (index: number, delta: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
    choices: [{ index, ...(path === '/v1/completions' ? { text: delta['content'] ?? '' } : { delta }), ...more }],
  })
  const prompt = script.usage?.prompt ?? 7
  const cached = script.usage?.cached ?? 0
  let sent = 0
  const counts = (): Record<string, unknown> => {
    const completion = script.usage?.completion ?? sent
    if (kind === 'vllm') return { usage: { prompt_tokens: prompt, completion_tokens: completion } }
    if (kind !== 'llama-server') return {}
    return { timings: { prompt_n: prompt - cached, cache_n: cached, predicted_n: completion } }
  }
  for (let index = 0; index < choices; index++) {
    sent = 0
    yield event({ ...at(index, { role: 'assistant', content: '' }) })
    for (const reasoning_content of script.reasoning ?? []) {
      sent++
      yield event({ ...at(index, { reasoning_content }), ...counts() })
    }
    for await (const group of groups(script, limit)) {
      if (!group) return yield undefined
      sent += group.length
      const likely = likelihoods(kind, path, asked, group)
      yield event({ ...at(index, { content: group.join('') }, likely), ...counts() })
    }
    for (const [i, call] of (script.toolCalls ?? []).entries()) {
      const { name, arguments: text } = call
      yield event(at(index, { tool_calls: [{ index: i, id: `call_${i}`, function: { name, arguments: '' } }] }))
      yield event(at(index, { tool_calls: [{ index: i, function: { arguments: text } }] }))
    }
    const reason = script.toolCalls ? 'tool_calls' : script.tokens.length > limit ? 'length' : 'stop'
    yield event({ ...at(index, {}, { finish_reason: script.finish ?? reason }), ...counts() })
  }
  const completion = script.usage?.completion ?? sent * choices
  const details = { prompt_tokens_details: { cached_tokens: cached } }
  yield event({ choices: [], usage: { prompt_tokens: prompt, completion_tokens: completion, ...details } })
  yield 'data: [DONE]\n\n'
}

/** Of each token, and of as many beside it as were asked for, in the shape of the route and the kind. */
function likelihoods(kind: EngineKind, path: string, asked: Record<string, unknown>, group: readonly string[]) {
  const plain = path === '/v1/completions'
  const most = plain ? (kind === 'llama-server' ? asked['n_probs'] : asked['logprobs']) : asked['top_logprobs']
  if (plain ? most === undefined : !asked['logprobs']) return {}
  // The drawn one is the second likeliest. A llama-server that is not told how many gives twenty.
  const beside = Array.from({ length: Number(most ?? (kind === 'llama-server' ? 20 : 0)) }, (_, i) => ({
    token: `~${i}`,
    logprob: i === 0 ? -0.25 : -1 - i,
    bytes: [126, 48 + i],
  }))
  if (!plain || kind === 'llama-server')
    return {
      logprobs: { content: group.map(token => ({ token, logprob: -0.5, bytes: null, top_logprobs: beside })) },
    }
  const top = (token: string) => Object.fromEntries([[token, -0.5], ...beside.map(one => [one.token, one.logprob])])
  return {
    logprobs: {
      tokens: group,
      token_logprobs: group.map(() => -0.5),
      top_logprobs: group.map(top),
      text_offset: group.map(() => 0),
    },
  }
}
