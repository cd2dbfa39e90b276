import type { Digest, HeddleError, Job, Log } from '@heddle/protocol'
import type { Feature } from '../features.ts'
import type { GenerationSpec, InferenceSpec } from '../spec.ts'
import type { EventReader } from './event.ts'
import type { EngineHttp } from './http.ts'
import type { Framing } from './lines.ts'

/** A model as an engine has it now. */
export type EngineModel = {
  /** The engine's own name: what is written into requests, and never taken from one. */
  local: string
  digest: Digest
  /** True when the digest is of the weights' own bytes, hashed here; else it is what the engine says of itself. */
  pinned: boolean
  context: number
  features: readonly Feature[]
  quantization?: string
  /** Where these facts come from, in words. */
  sources?: { features: string; context: string }
  /** Facts that an adapter needs again for its requests. */
  facts?: Readonly<Record<string, string | number | boolean>>
}

/** What an engine says about itself at one moment. */
export type EngineFacts = {
  engine: { name: string; build: string }
  models: readonly EngineModel[]
  /** Jobs that it runs at the same time, where it says so. */
  places?: number
  /** It ends an answer when it is asked anything else meanwhile. */
  shy?: boolean
  /** For a status page: what an operator should know, in plain words. */
  words: Readonly<Record<string, string>>
}

/** One rebuilt request, and how its answer is read. */
export type EngineAsk = {
  path: string
  body: Record<string, unknown>
  framing: Framing
  reader: EventReader
  /** The same for a shorter answer, after the engine said (`context_exceeded`) that this one may not fit; nothing where none is left. */
  shorter?(refused: HeddleError): EngineAsk | undefined
}

/** One kind of engine: what it says of itself, and a job's spec in its own API. No state, no sockets of its own. */
export type Adapter = {
  kind: string
  /** Throws `engine_down`, `engine_slow`, `engine_malformed` while the engine does not work. */
  describe(http: EngineHttp, known: readonly EngineModel[], log: Log): Promise<EngineFacts>
  /** Throws `unsupported_by_model`, `bad_request`. */
  ask(spec: GenerationSpec, model: EngineModel, seed: number): EngineAsk
  embed(
    spec: Extract<InferenceSpec, { task: 'embedding' }>,
    model: EngineModel,
  ): { path: string; body: Record<string, unknown>; read(answer: Record<string, unknown>): EmbeddingAnswer }
  /** Counts a prompt without running it, where the engine can. */
  count?(spec: GenerationSpec, model: EngineModel, http: EngineHttp, signal: AbortSignal): Promise<number>
  /**
   * The same once an answer came without a count: at an engine that ends an answer when it is asked anything else, and
   * where only the words can be counted, not what its template writes around them. `count` where it is left out.
   */
  countAfter?(spec: GenerationSpec, model: EngineModel, http: EngineHttp, signal: AbortSignal): Promise<number>
  /** Loads a model, so that the first question does not wait for it. */
  warm?(model: EngineModel, http: EngineHttp, signal: AbortSignal): Promise<void>
  /** Ends what it does by itself. */
  stop?(): void
}

export type EmbeddingAnswer = { vectors: readonly unknown[]; prompt: number | undefined }

/** A job's seed as an engine takes it: its first 32 bits, except that all ones, which mean "any", become 0. */
export const seedOfJob = ({ seed }: Pick<Job<InferenceSpec>, 'seed'>): number =>
  Number.parseInt(seed.slice(2, 10), 16) % 0xffff_ffff
