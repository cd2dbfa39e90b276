import { type Digest, digestOfJson } from '@heddle/protocol'
import type { Adapter, EngineAsk, EngineModel } from './adapter.ts'
import { promptTexts, promptTokens, roomsBeside } from './estimate.ts'
import type { EngineHttp } from './http.ts'
import { countAt, isObject, type Json, listAt, objectAt, textAt } from './json.ts'
import { isModelName, nameOfPath } from './names.ts'
import { probeOpenAi } from './probe.ts'
import { startProber } from './prober.ts'
import { openAiReader } from './read-openai.ts'
import { embeddingBody, type OpenAiDialect, openAiBody } from './rebuild-openai.ts'
import { type KnownServer, recogniseServer } from './servers.ts'
import type { EngineSettings } from './settings.ts'

const CONTEXT = 4_096
const MAX_MODELS = 256

/** How a server's requests are written, and where it refuses an answer that may not fit, the tokens that must hold both. */
type Dialect = OpenAiDialect & { context?: number }

/** The parts of OpenAI's API that every server of it shares; the dialect may be a model's own. */
export const openAiApi = (dialectOf: (model: EngineModel) => Dialect): Pick<Adapter, 'ask' | 'embed'> => ({
  ask(spec, model, seed) {
    const dialect = dialectOf(model)
    const { context } = dialect
    const rooms = context === undefined ? [spec.maxCompletion] : roomsBeside(spec, context)
    return askFor(rooms, maxTokens => ({
      path: spec.task === 'chat' ? '/v1/chat/completions' : '/v1/completions',
      body: openAiBody(spec, model.local, seed, dialect, { maxTokens }),
      framing: 'sse',
      reader: openAiReader(spec),
    }))
  },
  embed: (spec, model) => ({
    path: '/v1/embeddings',
    body: embeddingBody(spec, model.local),
    read: answer => ({
      vectors: [...listAt(answer, 'data')]
        .filter(isObject)
        .sort((a, b) => (countAt(a, 'index') ?? 0) - (countAt(b, 'index') ?? 0))
        .map(one => one['embedding']),
      prompt: countAt(objectAt(answer, 'usage'), 'prompt_tokens'),
    }),
  }),
})

/** A request for an answer of the first of these lengths; where it is refused, of what its engine says is left, or the next. */
function askFor([first, ...others]: readonly number[], askOf: (maxTokens: number) => EngineAsk): EngineAsk {
  return {
    ...askOf(first!),
    shorter(refused) {
      const { room } = (refused.cause ?? {}) as { room?: unknown }
      const lengths = typeof room === 'number' && room < first! ? [room, ...others] : others
      const left = lengths.filter(one => one >= 1 && (typeof room !== 'number' || one <= room))
      return left.length > 0 ? askFor(left, askOf) : undefined
    },
  }
}

/** The models that a server lists, as far as they are to be served. */
export async function listModels(http: EngineHttp, settings: EngineSettings): Promise<{ local: string; json: Json }[]> {
  const { data } = await http.json('GET', '/v1/models').then(answer => ({ data: listAt(answer, 'data') }))
  return data
    .filter(isObject)
    .slice(0, MAX_MODELS)
    .map(json => ({ local: textAt(json, 'id') ?? '', json }))
    .filter(({ local }) => local !== '' && local.length <= 512)
    .filter(({ local }) => (settings.models ? Object.hasOwn(settings.models, local) : isModelName(nameOfPath(local))))
}

/** Identity of a model whose weights nobody here can read: the name and what its server says of it. */
export const unpinnedDigest = (facts: Record<string, unknown>): Digest => digestOfJson({ unpinned: facts })

/** The tokens of a conversation, where a server says them with its list of models. */
function contextIn(json: Json): number | undefined {
  const meta = objectAt(json, 'meta')
  for (const [at, key] of [
    [json, 'max_model_len'],
    [json, 'context_length'],
    [json, 'context_window'],
    [json, 'max_context_length'],
    [meta, 'n_ctx'],
    [meta, 'n_ctx_train'],
  ] as const) {
    const tokens = countAt(at, key)
    if (tokens) return tokens
  }
  return undefined
}

/**
 * Any server with OpenAI's API. LM Studio, SGLang and llama-cpp-python say what they can do, or are known by it; another
 * one is asked for a few tokens in each way, if it has one model. `features` and `context` overrule what was found.
 * Its weights cannot be hashed from here, so its models are marked as unpinned.
 */
export function openAi(settings: EngineSettings): Adapter {
  const prober = startProber()
  let known: { of: string; server: KnownServer } | undefined

  async function serverOf(http: EngineHttp, models: readonly { local: string }[]): Promise<KnownServer> {
    const of = models.map(({ local }) => local).join('\n')
    if (known?.of !== of) known = { of, server: await recogniseServer(http) }
    return known.server
  }
  async function featuresOf(http: EngineHttp, local: string, server: KnownServer, alone: boolean) {
    if (settings.features) return { features: settings.features, source: 'set' }
    const own = server.features?.(local)
    if (own) return { features: own, source: `${server.name} says so` }
    // Several models would be loaded one after the other, only to be tried.
    if (settings.probe === false) return { features: ['chat'] as const, source: 'assumed' }
    if (!alone) return { features: ['chat'] as const, source: 'assumed: it has several models; say --engine-features' }
    const probed = await prober.look(local, signal => probeOpenAi(http, local, signal))
    return probed
      ? { features: probed.features, source: 'tried' }
      : { features: ['chat'] as const, source: 'assumed, until it was tried' }
  }
  return {
    kind: 'openai',
    async describe(http) {
      const listed = await listModels(http, settings)
      const server = await serverOf(http, listed)
      const models: EngineModel[] = []
      for (const { local, json } of listed) {
        const { features, source } = await featuresOf(http, local, server, listed.length === 1)
        const said = contextIn(json)
        const own = said ?? server.context?.(local)
        models.push({
          local,
          digest: unpinnedDigest({ id: local, owner: textAt(json, 'owned_by') ?? '' }),
          pinned: false,
          context: settings.context ?? own ?? CONTEXT,
          features,
          facts: {
            grammar: server.grammar === true,
            schemas: server.objectBySchema === true,
            cuts: server.cuts === true,
            counts: server.counts ?? '',
          },
          sources: {
            features: source,
            context: settings.context ? 'set' : own ? `${server.name} says so` : 'assumed: say --engine-context',
          },
        })
      }
      const { name, build, places, shy } = server
      return { engine: { name, build }, models, words: {}, ...(places && { places }), ...(shy && { shy }) }
    },
    ...openAiApi(({ features, facts, context }) => ({
      more: () => ({}),
      ...(facts?.['cuts'] !== true && { context }),
      topK: features.includes('top_k'),
      ...(facts?.['schemas'] === true && { objectBySchema: true as const }),
      ...((facts?.['grammar'] === true || features.includes('grammar')) && { grammar: true as const }),
    })),
    async countAfter(spec, model, http, signal) {
      const path = String(model.facts?.['counts'] ?? '')
      if (path === '') return promptTokens(spec)
      const input = promptTexts(spec).join('\n')
      return countAt(await http.json('POST', path, { model: model.local, input }, { signal }), 'count') ?? 0
    },
    stop: () => prober.stop(),
  }
}
