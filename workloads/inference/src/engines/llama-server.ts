import { stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { type Digest, HeddleError } from '@heddle/protocol'
import type { Feature } from '../features.ts'
import { digestOfWeights } from '../models/weights.ts'
import type { GenerationSpec } from '../spec.ts'
import type { Adapter, EngineModel } from './adapter.ts'
import type { EngineHttp } from './http.ts'
import { countAt, type Json, listAt, objectAt, textAt } from './json.ts'
import { listModels, openAiApi, unpinnedDigest } from './openai.ts'
import { type OpenAiDialect, openAiBody, thinkingByTemplate } from './rebuild-openai.ts'
import type { EngineSettings } from './settings.ts'

const FEATURES: readonly Feature[] = [
  'chat',
  'completion',
  'json',
  'schema',
  'grammar',
  'logprobs',
  'seed',
  'logit_bias',
  'penalties',
  'top_k',
]

const dialect: OpenAiDialect = {
  topK: true,
  namesNoTool: true,
  grammar: true,
  // Of none it gives none, not even the drawn token's.
  completionLogprobs: most => ({ n_probs: Math.max(1, most) }),
  more: spec => ({
    // Its defaults for what a request leaves out would decide about the answer.
    ...(spec.topK === undefined ? { top_k: 0 } : {}),
    min_p: 0,
    typical_p: 1,
    repeat_penalty: 1,
    // What one consumer asked must not be felt, in time, by the next.
    cache_prompt: false,
    timings_per_token: true,
    ...thinkingByTemplate(spec),
  }),
}

const api = openAiApi(() => dialect)

/** llama.cpp's server, by its OpenAI API; `/props`, `/v1/models` and `/tokenize` tell what it serves. */
export function llamaServer(settings: EngineSettings, memory?: string): Adapter {
  return {
    kind: 'llama-server',
    async describe(http, _known, log) {
      const [props, listed] = await Promise.all([http.json('GET', '/props'), listModels(http, settings)])
      const build = (textAt(props, 'build_info') ?? 'unknown').slice(0, 64)
      const weights = await weightsOf(settings.weights ?? textAt(props, 'model_path') ?? '', memory)
      if (!weights) log.info('weights_not_hashed', { engine: 'llama-server', reason: 'its file is not readable here' })
      const models = listed.slice(0, 1).map(({ local, json }) => modelOf(local, json, props, weights, settings))
      const places = countAt(props, 'total_slots')
      const tools = await http.json('GET', '/tools').then(
        () => ({ warning: 'it runs tools on this machine (--tools): start it without' }),
        () => ({}),
      )
      return {
        engine: { name: 'llama-server', build },
        models,
        ...(places ? { places } : {}),
        words: tools,
      }
    },
    ...api,
    ask(spec, model, seed) {
      // It refuses both together in a stream.
      if (spec.task === 'chat' && spec.tools && spec.logprobs !== undefined)
        throw new HeddleError('unsupported_by_model', 'log-probabilities of an answer with tools', {
          cause: { param: 'logprobs' },
        })
      return api.ask(spec, model, seed)
    },
    count: countPrompt,
  }
}

/** The digest of the file that the engine says it has open: only of a GGUF file with a full path. */
async function weightsOf(path: string, memory: string | undefined): Promise<Digest | undefined> {
  if (!isAbsolute(path) || !path.endsWith('.gguf')) return undefined
  const file = await stat(path).catch(() => undefined)
  return file?.isFile() ? digestOfWeights(path, memory).catch(() => undefined) : undefined
}

function modelOf(
  local: string,
  json: Json,
  props: Json,
  weights: Digest | undefined,
  settings: EngineSettings,
): EngineModel {
  const places = countAt(props, 'total_slots') || 1
  // Its context is one slot's; a setting may only make it smaller.
  const own = countAt(objectAt(props, 'default_generation_settings'), 'n_ctx') ?? 4_096
  const meta = objectAt(json, 'meta')
  return {
    local,
    digest: weights ?? unpinnedDigest({ id: local, parameters: countAt(meta, 'n_params') ?? 0 }),
    pinned: weights !== undefined,
    context: Math.min(settings.context ?? own, own),
    features: settings.features ?? featuresIn(props),
    sources: {
      features: settings.features ? 'set' : 'llama-server says so (/props)',
      context: settings.context ? 'set' : "one slot's, as llama-server says (/props)",
    },
    facts: { places },
  }
}

function featuresIn(props: Json): Feature[] {
  const can = objectAt(props, 'chat_template_caps')
  return [
    ...FEATURES,
    ...(can['supports_tools'] === true || can['supports_tool_calls'] === true
      ? (['tools', 'tool_choice'] as const)
      : []),
    ...(objectAt(props, 'modalities')['vision'] === true ? (['images'] as const) : []),
  ]
}

/** The prompt as its template makes it, counted by its tokenizer. */
async function countPrompt(spec: GenerationSpec, model: EngineModel, http: EngineHttp, signal: AbortSignal) {
  const { messages, tools, prompt } = openAiBody(spec, model.local, 0, dialect)
  const content =
    spec.task === 'completion'
      ? prompt
      : textAt(
          await http.json('POST', '/apply-template', { messages, ...(tools ? { tools } : {}) }, { signal }),
          'prompt',
        )
  const asked = { content, add_special: true, parse_special: spec.task === 'chat' }
  return listAt(await http.json('POST', '/tokenize', asked, { signal, maxBytes: 16 << 20 }), 'tokens').length
}
