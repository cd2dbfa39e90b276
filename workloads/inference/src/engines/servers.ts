import type { Feature } from '../features.ts'
import type { EngineHttp } from './http.ts'
import { countAt, isObject, type Json, listAt, objectAt, textAt } from './json.ts'

/** A server with OpenAI's API that is known by what else it says. */
export type KnownServer = {
  name: string
  build: string
  /** What each of its models can do, by its own word or as all of its versions do; nothing where it has to be tried. */
  features?: (local: string) => readonly Feature[] | undefined
  context?: (local: string) => number | undefined
  places?: number
  /** It ends an answer when it is asked anything else meanwhile. */
  shy?: boolean
  /** An answer that does not fit beside its prompt is cut; others refuse to begin one. */
  cuts?: true
  /** It refuses `json_object`. */
  objectBySchema?: true
  /** It takes a grammar in GBNF. */
  grammar?: true
  /** Where it counts a text's tokens: `{input, model}` to `{count}`. */
  counts?: string
}

const PLAIN: readonly Feature[] = ['chat', 'completion', 'seed']

/** Finds out which server it is, by a GET or two that only it answers. */
export async function recogniseServer(http: EngineHttp): Promise<KnownServer> {
  const ask = (path: string): Promise<Json | undefined> => http.json('GET', path).catch(() => undefined)
  const openApi = await ask('/openapi.json')
  const info = objectAt(openApi ?? {}, 'info')
  if (/llama\.cpp Python/i.test(textAt(info, 'title') ?? '')) return llamaCppPython(textAt(info, 'version'))
  const studio = await ask('/api/v0/models')
  if (studio && Array.isArray(studio['data'])) return lmStudio(listAt(studio, 'data').filter(isObject))
  const sglang = (await ask('/get_server_info')) ?? (await ask('/server_info'))
  if (sglang && (textAt(sglang, 'model_path') ?? textAt(sglang, 'attention_backend'))) return sgLang(sglang)
  const local = await ask('/version')
  const version = local && textAt(local, 'version')
  return { name: 'openai-compatible', build: (version ?? 'unknown').slice(0, 64) }
}

/**
 * llama-cpp-python's server: one answer at a time, which ends when anybody asks for anything (`--interrupt_requests`).
 * It holds answers by a grammar; tools, log-probabilities and embeddings depend on how it was started.
 */
const llamaCppPython = (version = 'unknown'): KnownServer => ({
  name: 'llama-cpp-python',
  build: version.slice(0, 64),
  features: () => [...PLAIN, 'json', 'schema', 'grammar', 'top_k', 'penalties'],
  // What it serves unless it is told otherwise; it does not say what it was told.
  context: () => 2_048,
  places: 1,
  shy: true,
  cuts: true,
  grammar: true,
  // In a stream it says no usage.
  counts: '/extras/tokenize/count',
})

/** LM Studio says of each model what it is and how much of a conversation it was loaded for. */
function lmStudio(models: readonly Json[]): KnownServer {
  const found = (local: string): Json => models.find(one => textAt(one, 'id') === local) ?? {}
  return {
    name: 'LM Studio',
    build: 'unknown',
    cuts: true,
    objectBySchema: true,
    features(local) {
      const model = found(local)
      const type = textAt(model, 'type')
      if (type === 'embeddings') return ['embedding']
      const tools = listAt(model, 'capabilities').includes('tool_use')
      return [
        ...PLAIN,
        'json',
        'schema',
        ...(tools ? (['tools'] as const) : []),
        ...(type === 'vlm' ? (['images'] as const) : []),
      ]
    },
    context: local => countAt(found(local), 'loaded_context_length') ?? countAt(found(local), 'max_context_length'),
  }
}

/** SGLang tells its arguments; with a parser of calls it does tools. */
function sgLang(server: Json): KnownServer {
  const tools = textAt(server, 'tool_call_parser') !== undefined
  const thinks = textAt(server, 'reasoning_parser') !== undefined
  const context = countAt(server, 'context_length') ?? countAt(server, 'max_total_num_tokens')
  const places = countAt(server, 'max_running_requests')
  return {
    name: 'SGLang',
    build: (textAt(server, 'version') ?? 'unknown').slice(0, 64),
    features: () => [
      ...PLAIN,
      ...(['json', 'schema', 'logprobs', 'penalties', 'top_k', 'choices'] as const),
      ...(tools ? (['tools', 'tool_choice'] as const) : []),
      ...(thinks ? (['reasoning'] as const) : []),
    ],
    ...(context !== undefined && { context: () => context }),
    ...(places !== undefined && places > 0 && { places: Math.min(places, 64) }),
  }
}
