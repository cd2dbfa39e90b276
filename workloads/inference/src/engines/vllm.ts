import type { Feature } from '../features.ts'
import type { GenerationSpec } from '../spec.ts'
import type { Adapter, EngineModel } from './adapter.ts'
import { countAt, textAt } from './json.ts'
import { listModels, openAiApi, unpinnedDigest } from './openai.ts'
import { type OpenAiDialect, openAiBody } from './rebuild-openai.ts'
import type { EngineSettings } from './settings.ts'

/**
 * What every text model of vLLM can do. Tools, strict ones, images and reasoning depend on how the server was started
 * and on its version, which it does not say: its operator adds them with `features`.
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
    ...reasoningOf(spec),
  }),
}

function reasoningOf(spec: GenerationSpec): Record<string, unknown> {
  if (spec.task !== 'chat' || spec.reasoning === undefined) return {}
  if (spec.reasoning === 'none') return { chat_template_kwargs: { enable_thinking: false } }
  return { reasoning_effort: spec.reasoning, chat_template_kwargs: { enable_thinking: true } }
}

/** vLLM, by its OpenAI API alone: `/invocations`, `/pooling`, `/score` and the rest are never called. */
export function vllm(settings: EngineSettings): Adapter {
  const features = settings.features ?? FEATURES
  return {
    kind: 'vllm',
    async describe(http) {
      const version = textAt(await http.json('GET', '/version'), 'version') ?? 'unknown'
      const models = (await listModels(http, settings)).map(({ local, json }): EngineModel => {
        const most = countAt(json, 'max_model_len')
        const context = Math.min(settings.context ?? most ?? 4_096, most ?? Number.POSITIVE_INFINITY)
        const root = textAt(json, 'root') ?? local
        return { local, digest: unpinnedDigest({ id: local, root, version }), pinned: false, context, features }
      })
      return { engine: { name: 'vllm', build: version.slice(0, 64) }, models, words: {} }
    },
    ...openAiApi(dialect),
    ask: (spec, model, seed) => openAiApi({ ...dialect, context: model.context }).ask(spec, model, seed),
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
