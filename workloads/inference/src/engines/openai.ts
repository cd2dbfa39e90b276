import { type Digest, digestOfJson } from '@heddle/protocol'
import type { Feature } from '../features.ts'
import type { Adapter, EngineModel } from './adapter.ts'
import type { EngineHttp } from './http.ts'
import { countAt, isObject, type Json, listAt, objectAt, textAt } from './json.ts'
import { isModelName, nameOfPath } from './names.ts'
import { openAiReader } from './read-openai.ts'
import { embeddingBody, type OpenAiDialect, openAiBody } from './rebuild-openai.ts'
import type { EngineSettings } from './settings.ts'

const CONTEXT = 4_096
const MAX_MODELS = 256

/** The parts of OpenAI's API that every server of it shares. `asModel` is the model's own part of a digest. */
export const openAiApi = (dialect: OpenAiDialect): Pick<Adapter, 'ask' | 'embed'> => ({
  ask: (spec, model, seed) => ({
    path: spec.task === 'chat' ? '/v1/chat/completions' : '/v1/completions',
    body: openAiBody(spec, model.local, seed, dialect),
    framing: 'sse',
    reader: openAiReader(spec),
  }),
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

/**
 * Any server with OpenAI's API. What it can do beyond plain chat, only its operator knows: `features` says it, and
 * `context`. Its weights cannot be hashed from here, so its models are marked as unpinned.
 */
export function openAi(settings: EngineSettings): Adapter {
  const features: readonly Feature[] = settings.features ?? ['chat']
  return {
    kind: 'openai',
    async describe(http) {
      const models = (await listModels(http, settings)).map(
        ({ local, json }): EngineModel => ({
          local,
          digest: unpinnedDigest({ id: local, owner: textAt(json, 'owned_by') ?? '' }),
          pinned: false,
          context: settings.context ?? CONTEXT,
          features,
        }),
      )
      return { engine: { name: 'openai-compatible', build: 'unknown' }, models, words: {} }
    },
    ...openAiApi({ more: () => ({}), topK: features.includes('top_k') }),
  }
}
