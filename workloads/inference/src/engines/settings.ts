import type { Digest } from '@heddle/protocol'
import type { Feature } from '../features.ts'

export const ENGINE_KINDS = ['ollama', 'llama-server', 'vllm', 'openai'] as const
/** Engines that people already run, by the API that they speak. */
export type EngineKind = (typeof ENGINE_KINDS)[number]

/** How one running engine is used. Only `kind` and `url` must be said. */
export type EngineSettings = {
  kind: EngineKind
  /** Where the engine listens: `http` on loopback, or with `remote` an `https` URL elsewhere. */
  url: string
  /** True: the engine is on another machine. Then `url` is `https`, and whoever runs that machine reads every prompt. */
  remote?: boolean
  /** Sent as `Authorization: Bearer`, to this engine only. */
  apiKey?: string
  /** The engine's own names of the models to serve, each with its public name; all of them when left out. */
  models?: Readonly<Record<string, string>>
  /** Only weights with one of these digests are served; when left out, those that are there at the start. */
  allow?: readonly Digest[]
  /** What the models of this engine can do, where the engine does not say so itself. */
  features?: readonly Feature[]
  /** False: an engine that does not say what it can do is not asked for a few tokens to find out. */
  probe?: boolean
  /** Tokens of one conversation, where the engine does not say so itself, or at most. */
  context?: number
  /** Jobs that run in the engine at the same time; its own number of places when left out. */
  concurrency?: number
  /** Jobs that wait for a place. */
  queue?: number
  /** True: load the models at the start and not with the first question. */
  warm?: boolean
  /** Ollama's folder of models, to hash the weights themselves; its usual places when left out. */
  weights?: string
  patience?: Partial<EnginePatience>
}

/** Milliseconds. */
export type EnginePatience = {
  /** For the prompt and the first token. */
  firstTokenMs: number
  /** Between any two pieces of text after it. */
  stallMs: number
  /** Between two looks at the engine's health and models. */
  pollMs: number
  /** How old a look may be when a job starts. */
  freshMs: number
  /** For one answer about the engine itself. */
  askMs: number
}

export const ENGINE_PATIENCE: EnginePatience = {
  // A cold model is loaded, and a long prompt read, before it; a call is composed in silence.
  firstTokenMs: 600_000,
  stallMs: 300_000,
  pollMs: 5_000,
  freshMs: 2_000,
  askMs: 5_000,
}
