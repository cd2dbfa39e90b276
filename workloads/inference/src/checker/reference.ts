import { extname } from 'node:path'
import { type Digest, HeddleError } from '@heddle/protocol'
import { type Isolation, probeIsolation } from '../engine/isolation.ts'
import { type EngineFacts, STEP_TOKENS } from '../engine/messages.ts'
import { type ModelProcess, startModelProcess } from '../engine/process.ts'
import { assertWeights } from '../models/weights.ts'
import { type FromReference, type Look, type Looked, readFromReference, type ToReference } from './messages.ts'

export type ReferenceOptions = {
  /** The weights that answers are held against. Only a file with this digest is ever loaded. */
  model: { name: string; path: string; digest: Digest }
  /** Where computed digests are remembered. */
  directory?: string
  /** Tokens of prompt and answer together; at most what the model was trained on. */
  context?: number
  threads?: number
  /** Tokens evaluated in one step. */
  batch?: number
  /** Folders that the process must not see. */
  hide?: readonly string[]
  isolation?: Isolation
  /** Milliseconds: until the weights are loaded, between two steps, without work until memory is given back. */
  startMs?: number
  stepMs?: number
  idleMs?: number
}

/** What the pinned weights say, from a process of its own. */
export type Reference = {
  readonly model: ReferenceOptions['model']
  facts(): Promise<EngineFacts>
  /**
   * Throws `context_exceeded`, `bad_request` or `unsupported_field` for a job that the reference does not read,
   * `engine_down`, `engine_slow`, `aborted`.
   */
  look(ask: Omit<Look, 'type' | 'look'>, signal: AbortSignal): Promise<Looked>
  stop(): Promise<void>
}

type Waiting = { resolve(looked: Looked): void; reject(error: HeddleError): void; working(): void }

/**
 * A reference starts its process at the first look, and starts it again after it died. Each look is one pass over
 * prompt and answer; they are done one after the other.
 *
 * @example
 * ```ts
 * // sketch
 * import { createReference } from '@heddle/inference/checker'
 * const reference = createReference({ model })
 * const { likeliest } = await reference.look({ spec, promptDigest, tokens, depth: 16, top: 32 }, signal)
 * ```
 */
export function createReference(options: ReferenceOptions): Reference {
  const { model, context = 2_048, threads = 1, batch = STEP_TOKENS, hide = [] } = options
  const { startMs = 600_000, stepMs = 300_000, idleMs = 60_000 } = options
  const waiting = new Map<number, Waiting>()
  let running: Promise<ModelProcess<ToReference>> | undefined
  let stopped = false
  let number = 0

  function hear(message: FromReference): void {
    if (message.type === 'ready' || message.type === 'fatal') return
    // One look at a time: whoever waits behind it sees as well that the reference works.
    for (const one of waiting.values()) one.working()
    if (message.type === 'working') return
    const one = waiting.get(message.look)
    waiting.delete(message.look)
    if (message.type === 'looked') one?.resolve(message)
    else {
      const { code, message: words } = message
      one?.reject(new HeddleError(code === 'internal' || code === 'closed' ? 'engine_down' : code, words))
    }
  }

  async function launch(): Promise<ModelProcess<ToReference>> {
    await assertWeights(model, options.directory)
    const started = await startModelProcess<FromReference, ToReference>({
      config: { modelPath: model.path, context, sequences: 1, threads, batch, idleMs, warmUp: false },
      isolation: options.isolation ?? (await probeIsolation()),
      hide,
      startMs,
      // The same extension as this file: .ts as it is, .js when built.
      script: new URL(`./child${extname(import.meta.url)}`, import.meta.url),
      read: readFromReference,
      onMessage: hear,
    })
    void started.gone.then(reason => {
      running = undefined
      for (const one of waiting.values()) one.reject(new HeddleError('engine_down', reason))
      waiting.clear()
    })
    if (stopped) started.kill('the reference was stopped')
    return started
  }

  function start(): Promise<ModelProcess<ToReference>> {
    if (stopped) return Promise.reject(new HeddleError('engine_down', 'the reference was stopped'))
    running ??= launch().catch(error => {
      running = undefined
      throw error
    })
    return running
  }

  return {
    model,
    facts: async () => (await start()).facts,
    async look(ask, signal) {
      if (signal.aborted) throw new HeddleError('aborted')
      const engine = await start()
      const look = ++number
      const { promise, resolve, reject } = Promise.withResolvers<Looked>()
      let slow: NodeJS.Timeout | undefined
      const working = (): void => {
        clearTimeout(slow)
        slow = setTimeout(() => {
          leave(new HeddleError('engine_slow', `the reference did not make a step in ${stepMs} ms`))
          engine.kill('it made no step')
        }, stepMs)
      }
      waiting.set(look, { resolve, reject, working })
      engine.send({ type: 'look', look, ...ask })
      const leave = (error: HeddleError): void => {
        waiting.delete(look)
        engine.send({ type: 'close', look })
        reject(error)
      }
      const abort = (): void => leave(new HeddleError('aborted'))
      signal.addEventListener('abort', abort, { once: true })
      working()
      try {
        const looked = await promise
        const measured = looked.likeliest.length
        if (measured !== 0 && measured !== ask.depth)
          throw new HeddleError('engine_down', 'the reference looked at another number of positions')
        return looked
      } finally {
        clearTimeout(slow)
        signal.removeEventListener('abort', abort)
      }
    },
    async stop() {
      stopped = true
      const engine = await running?.catch(() => undefined)
      engine?.kill('the reference was stopped')
      await engine?.gone
    },
  }
}
