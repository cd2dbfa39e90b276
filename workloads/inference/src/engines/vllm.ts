import type { Feature } from '../features.ts'
import type { Adapter, EngineModel } from './adapter.ts'
import type { EngineHttp } from './http.ts'
import { countAt, textAt } from './json.ts'
import { listModels, openAiApi, unpinnedDigest } from './openai.ts'
import { probeTools } from './probe.ts'
import { startProber } from './prober.ts'
import { type OpenAiDialect, openAiBody, thinkingByTemplate } from './rebuild-openai.ts'
import type { EngineSettings } from './settings.ts'

/**
 * What every text model of vLLM can do. Whether it takes tools depends on how it was started, and is tried; strict ones,
 * images and reasoning its operator adds with `features`.
 */
const FEATURES: readonly Feature[] = [
  'chat',
  'completion',
  'json',
  'schema',
  'logprobs',
  'choices',
  'seed',
  'logit_bias',
  'penalties',
  'top_k',
  'cache',
  'tool_choice',
]

const dialect: OpenAiDialect = {
  continuousUsage: true,
  topK: true,
  more: spec => ({
    // vLLM remembers prompts for everybody; a salt keeps one consumer's from being felt by another.
    cache_salt: spec.cache ?? crypto.randomUUID(),
    ...thinkingByTemplate(spec),
  }),
}

/** vLLM, by its OpenAI API alone: `/invocations`, `/pooling`, `/score` and the rest are never called. */
export function vllm(settings: EngineSettings): Adapter {
  const prober = startProber()
  async function featuresOf(http: EngineHttp, local: string) {
    if (settings.features) return { features: settings.features, source: 'set' }
    if (settings.probe === false) return { features: FEATURES, source: 'as every vLLM' }
    const probed = await prober.look(local, signal => probeTools(http, local, signal))
    if (!probed) return { features: FEATURES, source: 'as every vLLM, until it was tried' }
    return { features: [...FEATURES, ...probed.features], source: 'as every vLLM; tools were tried' }
  }
  return {
    kind: 'vllm',
    async describe(http) {
      const version = textAt(await http.json('GET', '/version'), 'version') ?? 'unknown'
      const models: EngineModel[] = []
      for (const { local, json } of await listModels(http, settings)) {
        const most = countAt(json, 'max_model_len')
        const root = textAt(json, 'root') ?? local
        const { features, source } = await featuresOf(http, local)
        models.push({
          local,
          digest: unpinnedDigest({ id: local, root, version }),
          pinned: false,
          context: Math.min(settings.context ?? most ?? 4_096, most ?? Number.POSITIVE_INFINITY),
          features,
          sources: { features: source, context: settings.context ? 'set' : most ? 'vLLM says so' : 'assumed' },
        })
      }
      return { engine: { name: 'vllm', build: version.slice(0, 64) }, models, words: {} }
    },
    ...openAiApi(model => ({ ...dialect, context: model.context })),
    stop: () => prober.stop(),
    async count(spec, model, http, signal) {
      const { messages, tools, prompt } = openAiBody(spec, model.local, 0, dialect)
      const body =
        spec.task === 'chat'
          ? { model: model.local, messages, ...(tools ? { tools } : {}) }
          : { model: model.local, prompt }
      const counted = countAt(await http.json('POST', '/tokenize', body, { signal }), 'count')
      return counted ?? 0
    },
  }
}
