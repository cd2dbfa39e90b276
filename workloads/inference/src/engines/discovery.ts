import { HeddleError, isHeddleError } from '@heddle/protocol'
import { engineAddress } from './address.ts'
import { openEngine } from './http.ts'
import { type Json, listAt, textAt } from './json.ts'
import type { EngineKind, EngineSettings } from './settings.ts'

/** An engine that answers on this machine. */
export type FoundEngine = Pick<EngineSettings, 'kind' | 'url'> & { name: string }

const PROBE_MS = 600

/** Where engines listen unless they are told otherwise. `OLLAMA_HOST` counts when it names this machine. */
export function usualPlaces(env: NodeJS.ProcessEnv = process.env): string[] {
  const own = env['OLLAMA_HOST']
  const told = own ? [own.includes('://') ? own : `http://${own.includes(':') ? own : `${own}:11434`}`] : []
  return [
    ...told.filter(isLoopback),
    'http://127.0.0.1:11434',
    'http://127.0.0.1:8080',
    'http://127.0.0.1:8000',
    'http://127.0.0.1:1234',
  ].filter((url, i, all) => all.indexOf(url) === i)
}

function isLoopback(url: string): boolean {
  try {
    return engineAddress(url).loopback
  } catch {
    return false
  }
}

/**
 * Engines that run on this machine already: the usual ports are asked what they are. Nothing is found where nothing
 * answers in time; what is no engine is left alone after one or two GET requests.
 *
 * @example
 * ```ts
 * // sketch
 * await findEngines() // [{ kind: 'ollama', url: 'http://127.0.0.1:11434', name: 'Ollama 0.30.1' }]
 * ```
 */
export async function findEngines(places: readonly string[] = usualPlaces()): Promise<FoundEngine[]> {
  const found = await Promise.all(places.map(recognise))
  return found.flatMap(one => (one ? [one] : []))
}

async function recognise(url: string): Promise<FoundEngine | undefined> {
  const http = openEngine(engineAddress(url), { connections: 2, askMs: PROBE_MS })
  const ask = (path: string): Promise<Json | undefined> =>
    http.json('GET', path, undefined, { maxBytes: 1 << 20 }).catch(error => {
      if (isHeddleError(error, 'engine_slow')) throw new HeddleError('engine_slow')
      return undefined
    })
  const engine = (kind: EngineKind, name: string): FoundEngine => ({ kind, url, name })
  try {
    const [tags, models] = await Promise.all([ask('/api/tags'), ask('/v1/models')])
    const isOllama = tags && Array.isArray(tags['models']) && !listAt(models ?? {}, 'data').some(ownedBy('llamacpp'))
    if (isOllama) {
      const version = textAt((await ask('/api/version')) ?? {}, 'version')
      if (version) return engine('ollama', `Ollama ${version}`)
    }
    if (!models || !Array.isArray(models['data'])) return undefined
    if (listAt(models, 'data').some(ownedBy('llamacpp'))) return engine('llama-server', 'llama-server')
    if (listAt(models, 'data').some(ownedBy('vllm'))) return engine('vllm', 'vLLM')
    return engine('openai', 'a server with an OpenAI API')
  } catch {
    return undefined
  } finally {
    await http.close()
  }
}

const ownedBy = (owner: string) => (model: unknown) =>
  typeof model === 'object' && model !== null && (model as Json)['owned_by'] === owner
