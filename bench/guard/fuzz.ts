import { parseJson, USUAL_BODY_LIMITS } from '@heddle/daemon'
import { FEATURES, featuresOf, inference } from '@heddle/inference/workload'
import {
  type Answer,
  type Door,
  digestOf,
  type Exchange,
  HeddleError,
  type House,
  isHeddleError,
  type Model,
  type Question,
  utf8,
} from '@heddle/protocol'
import { doors } from '@heddle/workloads/doors'
import { ollamaBody, ollamaEmbedding } from '../../workloads/inference/src/engines/rebuild-ollama.ts'
import { embeddingBody, openAiBody } from '../../workloads/inference/src/engines/rebuild-openai.ts'
import { nextRequest, type Random } from './mutate.ts'

const digest = digestOf(utf8('toy weights'))
const receipt = digestOf(utf8('job'))
const model: Model = {
  id: 'toy',
  digest,
  context: 4_096,
  prices: { prompt: '2', cached: '1', completion: '5' },
  features: FEATURES,
}
const ollamaModel = { local: 'local:1b', context: 4_096, thinks: true, family: 'toy' }

/** Fields that an engine may be sent, at the top of a body. Anything else was forwarded, not rebuilt. */
const SENT = new Set([
  ...['model', 'messages', 'prompt', 'input', 'raw', 'stream', 'stream_options', 'options', 'truncate', 'shift'],
  ...['logprobs', 'top_logprobs', 'tools', 'tool_choice', 'parallel_tool_calls', 'response_format', 'format', 'think'],
  ...['max_tokens', 'temperature', 'top_p', 'top_k', 'frequency_penalty', 'presence_penalty', 'seed', 'stop', 'n'],
  ...['logit_bias', 'encoding_format'],
])

/** What was fuzzed: how many requests got as far as an engine, and those that broke something. */
export type Fuzzed = { requests: number; reached: number; crashes: string[] }

/**
 * Sends generated requests through what a request goes through: the parser of the edge, the routes of the doors, the
 * workload's schema, and both ways of rebuilding it for an engine. A crash is anything but an answer or a named error:
 * an exception without a code, `internal`, a 500, or a field that was passed on.
 */
export async function fuzz(random: Random, requests: number): Promise<Fuzzed> {
  const routes = new Map(
    doors.flatMap(door => door.routes.map(route => [`${route.method} ${route.path}`, { door, route }])),
  )
  const fuzzed: Fuzzed = { requests, reached: 0, crashes: [] }
  const house = sinkHouse(() => fuzzed.reached++)
  for (let i = 0; i < requests; i++) {
    const { path, bytes } = nextRequest(random)
    const { door, route } = routes.get(`POST ${path}`)!
    const crash = await send(door, route.handle, house, bytes)
    if (crash) fuzzed.crashes.push(`${path} ${crash}: ${bytes.toString('latin1').slice(0, 300)}`)
  }
  return fuzzed
}

/** A house whose engine is a sink: it rebuilds what it is asked for both APIs, and looks at what would be sent. */
function sinkHouse(onReached: () => void): House {
  function rebuild({ spec: given }: Question): void {
    const parsed = inference.spec.safeParse(given)
    if (!parsed.success) throw new HeddleError('bad_request', parsed.error.issues[0]?.message)
    const spec = parsed.data
    featuresOf(spec)
    const bodies =
      spec.task === 'embedding'
        ? [embeddingBody(spec, 'local:1b'), ollamaEmbedding(spec, ollamaModel).body]
        : [
            ...attempt(() => openAiBody(spec, 'local:1b', 1, { more: () => ({}), topK: true })),
            ...attempt(() => ollamaBody(spec, ollamaModel, 1).body),
          ]
    for (const body of bodies) {
      const forwarded = Object.keys(body).find(key => !SENT.has(key))
      if (forwarded !== undefined) throw new TypeError(`the field ${forwarded} was passed on`)
      if (body['model'] !== 'local:1b') throw new TypeError('the name of the model was passed on')
      JSON.parse(JSON.stringify(body))
    }
    onReached()
  }
  return {
    models: () => [model],
    async ask(question): Promise<Answer> {
      rebuild(question)
      const used = { prompt: 7n, cached: 0n, completion: 1n }
      const done = Promise.resolve({
        finish: 'stop' as const,
        used,
        charge: 19n,
        receipt,
        provider: `0x${'ab'.repeat(20)}`,
      })
      return { id: receipt, model, deltas: once(), done }
    },
    async quote(question) {
      rebuild(question)
      const used = { prompt: 7n, cached: 0n, completion: 0n }
      const { prices } = model
      const cost = { used, charge: 14n }
      return {
        model: 'toy',
        provider: `0x${'ab'.repeat(20)}`,
        own: false,
        prices,
        input: { used, exact: true },
        most: cost,
      }
    },
  }
}

/** What the engine cannot do is refused with a code; that is no crash. */
function attempt(build: () => Record<string, unknown>): Record<string, unknown>[] {
  try {
    return [build()]
  } catch (error) {
    if (isHeddleError(error) && error.code !== 'internal') return []
    throw error
  }
}

async function* once(): AsyncGenerator<Uint8Array> {
  yield utf8('ok')
}

const signal = new AbortController().signal

/** What went wrong with one request, or nothing. */
async function send(
  door: Door,
  handle: Door['routes'][number]['handle'],
  house: House,
  bytes: Uint8Array,
): Promise<string | undefined> {
  let status = 0
  const json = (code: number, value: unknown): void => {
    status = code
    JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? inner.toString() : inner))
  }
  try {
    const body = parseJson(bytes, USUAL_BODY_LIMITS.depth)
    const exchange: Exchange = {
      params: {},
      body,
      header: () => undefined,
      signal,
      house,
      json,
      stream(code) {
        status = code
        return { write: () => true, drained: async () => undefined, end: () => undefined }
      },
    }
    await handle(exchange)
  } catch (error) {
    if (!isHeddleError(error) || error.code === 'internal') return String((error as Error)?.stack ?? error)
    const { status: code, body } = door.error(error)
    json(code, body)
  }
  return status >= 200 && status !== 500 && status < 600 ? undefined : `status ${status}`
}
