import type { Log } from '@heddle/protocol'
import { engineAddress } from './address.ts'
import { openEngine } from './http.ts'
import { adapterOf } from './kinds.ts'
import { ENGINE_PATIENCE, type EngineSettings } from './settings.ts'

/** What was found of an engine, and where each fact comes from. */
export type Inspected = {
  engine: string
  places?: number
  /** It ends an answer that it is at for whoever asks it anything else, this look too. */
  shy?: boolean
  models: readonly {
    name: string
    pinned: boolean
    context: number
    features: readonly string[]
    sources: { features: string; context: string }
  }[]
  /** What its operator should know. */
  words: Readonly<Record<string, string>>
}

/**
 * Looks at an engine as a worker in front of it would, without serving it. Throws `engine_down`, `engine_slow`,
 * `engine_malformed`, `setting_invalid`.
 *
 * @example
 * ```ts
 * // sketch
 * await inspectEngine({ kind: 'ollama', url: 'http://127.0.0.1:11434' }, log) // { engine: 'ollama 0.17.4', models: [ … ] }
 * ```
 */
export async function inspectEngine(settings: EngineSettings, log: Log): Promise<Inspected> {
  const address = engineAddress(settings.url, settings.remote)
  const { askMs } = { ...ENGINE_PATIENCE, ...settings.patience }
  const http = openEngine(address, { apiKey: settings.apiKey, connections: 2, askMs })
  const adapter = adapterOf(settings, undefined)
  try {
    const { engine, models, places, shy, words } = await adapter.describe(http, [], log)
    return {
      engine: `${engine.name} ${engine.build}`,
      ...(places !== undefined && { places }),
      ...(shy && { shy }),
      words,
      models: models.map(({ local, pinned, context, features, sources }) => ({
        name: local,
        pinned,
        context,
        features,
        sources: sources ?? { features: 'unknown', context: 'unknown' },
      })),
    }
  } finally {
    adapter.stop?.()
    await http.close()
  }
}
