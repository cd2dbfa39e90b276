import {
  ENGINE_KINDS,
  type EngineKind,
  type EngineSettings,
  type Feature,
  findEngines,
} from '@heddle/inference/engines'
import { HeddleError } from '@heddle/protocol'

/** What `--engine` may say. */
export const ENGINE_CHOICES = ['auto', 'none', 'built-in', ...ENGINE_KINDS] as const
export type EngineChoice = (typeof ENGINE_CHOICES)[number]

/** The engines of this machine that answer its owner for nothing. */
export type OwnEngines = 'built-in' | readonly [EngineSettings, ...EngineSettings[]]

/**
 * Which engines a house uses as its own: the one that was named, at its URL or where it is found; with `auto` whatever
 * runs on this machine, or none. Throws `setting_invalid` for an engine that is named and not there.
 */
export async function ownEngines(
  choice: EngineChoice,
  options: { url?: string; apiKey?: string; places?: readonly string[]; settings?: Partial<EngineSettings> } = {},
): Promise<OwnEngines | undefined> {
  const { url, places, settings } = options
  if (choice === 'none' || choice === 'built-in') return choice === 'none' ? undefined : choice
  // A key is for the engine that was named, never for whatever listens on a usual port.
  const secret = options.apiKey && url !== undefined ? { apiKey: options.apiKey } : {}
  if (url !== undefined && choice !== 'auto') return [{ ...settings, kind: choice, url, ...secret }]
  const found = await findEngines(url === undefined ? places : [url])
  const fitting = found.filter(({ kind }) => choice === 'auto' || kind === choice)
  const [first, ...others] = fitting.map(({ kind, url }): EngineSettings => ({ ...settings, kind, url, ...secret }))
  if (first) return [first, ...others]
  if (choice === 'auto' && url === undefined) return undefined
  const where = url === undefined ? 'on this machine; start it, or say where with --engine-url' : `at ${url}`
  throw new HeddleError('setting_invalid', `--engine ${choice}: none answers ${where}`)
}

/** What `heddle up` was told about its own engine. */
export const engineTerms = (told: {
  engineFeatures: readonly Feature[] | undefined
  engineContext: number | undefined
  engineConcurrency: number | undefined
  engineWeights: string | undefined
  engineFirstToken: number
  engineSilence: number
}): Partial<EngineSettings> => ({
  ...(told.engineFeatures && { features: told.engineFeatures }),
  ...(told.engineContext && { context: told.engineContext }),
  ...(told.engineWeights && { weights: told.engineWeights }),
  ...(told.engineConcurrency && { concurrency: told.engineConcurrency }),
  patience: { firstTokenMs: told.engineFirstToken, stallMs: told.engineSilence },
})

/** What an engine is called on a screen. */
export const engineName = (engines: OwnEngines): string =>
  engines === 'built-in'
    ? 'built-in'
    : engines.map(({ kind, url }: { kind: EngineKind; url: string }) => `${kind} ${url}`).join(', ')
