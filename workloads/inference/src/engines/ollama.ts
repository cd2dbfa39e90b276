import { type Digest, HeddleError, isHeddleError, type Log } from '@heddle/protocol'
import type { Feature } from '../features.ts'
import type { Adapter, EngineModel } from './adapter.ts'
import { engineAddress } from './address.ts'
import type { EngineHttp } from './http.ts'
import { countAt, isObject, type Json, listAt, objectAt, textAt } from './json.ts'
import { variableOfListener } from './listener.ts'
import { isCloudName, isModelName } from './names.ts'
import { familyOf, ollamaFolders, ollamaWeights, quantizationOf } from './ollama-weights.ts'
import { ollamaReader } from './read-ollama.ts'
import { type OllamaModel, ollamaBody, ollamaEmbedding } from './rebuild-ollama.ts'
import type { EngineSettings } from './settings.ts'

/** Tokens of a conversation where nobody says more: what fits beside a small model's weights. */
const CONTEXT = 8_192
const MAX_MODELS = 256

/**
 * Ollama, by its own API: `/api/chat`, `/api/generate` with a raw prompt that is ours, `/api/embed`; of everything
 * else only what tells (version, tags, show, ps, status). Written after its API as of 0.30.
 */
export function ollama(settings: EngineSettings, memory?: string): Adapter {
  let folders: readonly string[] | undefined
  /** Where it keeps its models: also as the process was told that runs now. */
  const foldersNow = async (): Promise<readonly string[]> => {
    const { port, loopback } = engineAddress(settings.url, settings.remote)
    folders ??= ollamaFolders(
      settings.weights ?? (loopback ? await variableOfListener(port, 'OLLAMA_MODELS') : undefined),
    )
    return folders
  }
  const asModel = ({ local, context, facts }: EngineModel): OllamaModel => ({
    local,
    context,
    thinks: facts?.['thinks'] === true,
    family: String(facts?.['family'] ?? ''),
  })

  async function modelOf(http: EngineHttp, listed: Json, version: string): Promise<EngineModel> {
    const local = textAt(listed, 'model') ?? textAt(listed, 'name')!
    const manifest = textAt(listed, 'digest') ?? ''
    if (!/^[0-9a-f]{64}$/.test(manifest)) throw new HeddleError('engine_malformed', `${local} has no digest`)
    const shown = await http.json('POST', '/api/show', { model: local })
    const weights = await ollamaWeights(await foldersNow(), local, manifest, memory)
    const can = listAt(shown, 'capabilities').filter(one => typeof one === 'string')
    const family = familyOf(shown) || familyOf(listed)
    const trained = contextIn(objectAt(shown, 'model_info'))
    const { context, source } = contextOf(settings, textAt(shown, 'parameters') ?? '')
    return {
      local,
      digest: weights ?? (`0x${manifest}` as Digest),
      pinned: weights !== undefined,
      context: Math.min(context, trained ?? Number.POSITIVE_INFINITY),
      features: settings.features ?? featuresIn(can, version),
      sources: { features: settings.features ? 'set' : 'Ollama says so (/api/show)', context: source },
      ...quantizationOf(objectAt(shown, 'details')),
      facts: { manifest, version, thinks: can.includes('thinking'), family },
    }
  }

  /** Weights are hashed anew when their file changed, which the manifest's digest alone does not show. */
  async function look(http: EngineHttp, listed: Json, version: string, before: EngineModel | undefined) {
    const same = before?.facts?.['manifest'] === textAt(listed, 'digest') && before?.facts?.['version'] === version
    if (!before || !same) return modelOf(http, listed, version)
    if (!before.pinned) return before
    const digest = await ollamaWeights(await foldersNow(), before.local, String(before.facts?.['manifest']), memory)
    if (!digest) throw new HeddleError('model_digest', 'its weights cannot be read any more')
    return { ...before, digest }
  }

  return {
    kind: 'ollama',
    async describe(http, known, log) {
      const [versioned, tags] = await Promise.all([http.json('GET', '/api/version'), http.json('GET', '/api/tags')])
      const version = textAt(versioned, 'version') ?? 'unknown'
      const models: EngineModel[] = []
      for (const listed of listAt(tags, 'models').filter(isObject).slice(0, MAX_MODELS)) {
        if (!isLocal(listed, settings, log)) continue
        const local = textAt(listed, 'model') ?? textAt(listed, 'name')!
        const model = await look(
          http,
          listed,
          version,
          known.find(one => one.local === local),
        ).catch(error => {
          // One bad model is left out; it does not take the others with it.
          if (!isHeddleError(error, 'model_digest')) throw error
          log.error('model_not_served', { model: local, reason: error.message })
        })
        if (model) models.push(model)
      }
      return { engine: { name: 'ollama', build: version.slice(0, 64) }, models, words: await wordsOf(http) }
    },
    ask(spec, model, seed) {
      const { path, body } = ollamaBody(spec, asModel(model), seed)
      return { path, body, framing: 'ndjson', reader: ollamaReader(spec) }
    },
    embed: (spec, model) => ({
      ...ollamaEmbedding(spec, asModel(model)),
      read: answer => ({ vectors: listAt(answer, 'embeddings'), prompt: countAt(answer, 'prompt_eval_count') }),
    }),
    async warm(model, http, signal) {
      const body = { model: model.local, prompt: '', stream: false, options: { num_ctx: model.context } }
      await http.json('POST', '/api/generate', body, { timeoutMs: 600_000, signal })
    },
  }
}

/** Leaves out what is not on this machine, and names that could be mistaken for another. */
function isLocal(listed: Json, settings: EngineSettings, log: Log): boolean {
  const local = textAt(listed, 'model') ?? textAt(listed, 'name') ?? ''
  if (settings.models && !Object.hasOwn(settings.models, local)) return false
  if (isCloudName(local) || textAt(listed, 'remote_host') || textAt(listed, 'remote_model')) {
    log.info('model_not_served', { model: local.slice(0, 128), reason: 'it runs on other machines' })
    return false
  }
  if (isModelName(local)) return true
  log.warn('model_not_served', { reason: 'its name is not plain' })
  return false
}

/** As it is set for this engine, for all of Ollama on this machine, or for the model; it is told to Ollama with each job. */
function contextOf(settings: EngineSettings, parameters: string): { context: number; source: string } {
  if (settings.context) return { context: settings.context, source: 'set' }
  const own = Number(/^num_ctx\s+(\d{1,8})\s*$/m.exec(parameters)?.[1])
  if (own > 0) return { context: own, source: "the model's own num_ctx" }
  const machine = Number(process.env['OLLAMA_CONTEXT_LENGTH'])
  if (Number.isSafeInteger(machine) && machine > 0) return { context: machine, source: 'OLLAMA_CONTEXT_LENGTH' }
  return { context: CONTEXT, source: 'assumed; --engine-context or OLLAMA_CONTEXT_LENGTH say more' }
}

const contextIn = (info: Json): number | undefined => {
  const key = Object.keys(info).find(name => name.endsWith('.context_length'))
  return key === undefined ? undefined : countAt(info, key)
}

/** What the model can do, and this version of Ollama does with it. */
function featuresIn(can: readonly unknown[], version: string): Feature[] {
  if (can.includes('embedding')) return ['embedding']
  if (!can.includes('completion')) return []
  const since = (major: number, minor: number, patch = 0) => isSince(version, [major, minor, patch])
  const features: [Feature, boolean][] = [
    ['chat', true],
    ['completion', true],
    ['json', true],
    ['schema', since(0, 5)],
    ['seed', true],
    ['top_k', true],
    ['tools', can.includes('tools')],
    // A forced call is an answer that is held to the form of one.
    ['tool_choice', can.includes('tools') && since(0, 5)],
    ['images', can.includes('vision')],
    ['reasoning', can.includes('thinking')],
    ['logprobs', since(0, 12, 11)],
    // Before it, Ollama's own engine read the fields of penalties and did nothing with them.
    ['penalties', since(0, 30)],
  ]
  return features.filter(([, is]) => is).map(([feature]) => feature)
}

function isSince(version: string, wanted: readonly number[]): boolean {
  const parts = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number)
  if (!parts) return false
  const at = wanted.findIndex((part, i) => part !== parts[i])
  return at < 0 || parts[at]! > wanted[at]!
}

async function wordsOf(http: EngineHttp): Promise<Record<string, string>> {
  const [ps, status] = await Promise.all([
    http.json('GET', '/api/ps').catch(() => undefined),
    // Only newer versions have it.
    http
      .json('GET', '/api/status')
      .catch(() => undefined),
  ])
  const loaded = ps ? listAt(ps, 'models').filter(isObject) : []
  const off = status && objectAt(status, 'cloud')['disabled'] === true
  return {
    gpu: loaded.length === 0 ? 'not known until a model is loaded' : loaded.map(gpuWords).join('; '),
    cloud: off
      ? 'off'
      : 'Ollama can reach its cloud: start it with OLLAMA_NO_CLOUD=1. No cloud model is served from here.',
  }
}

function gpuWords(model: Json): string {
  const name = textAt(model, 'name') ?? '?'
  const size = countAt(model, 'size') ?? 0
  const onGpu = countAt(model, 'size_vram') ?? 0
  if (onGpu === 0) return `${name} runs on the CPU: Ollama found no GPU that it can use for it (see its log)`
  if (onGpu < size) return `${name} is only ${Math.floor((onGpu * 100) / size)}% on the GPU: the rest did not fit`
  return `${name} is on the GPU`
}
