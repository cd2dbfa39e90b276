import { type GenerationSpec, inference } from '@heddle/inference/workload'
import {
  type Context,
  digestOf,
  HeddleError,
  type Job,
  type Served,
  utf8,
  type Worker,
  type Workload,
} from '@heddle/protocol'

/** What a scripted engine does with every job. */
export type Script = {
  /** Tokens to deliver before it stops by itself. Each is one word of four bytes. */
  tokens: number
  /** Milliseconds before the first and between later tokens. */
  firstAfter?: number
  between?: number
  /** Nothing is delivered before this. */
  gate?: Promise<unknown>
  /** Dies before delivering this token. */
  dieAt?: number
  ready?: boolean
  /** Serves nothing at all any more. */
  gone?: boolean
  /** What it says that it serves, where that is not the usual. */
  serves?: Partial<Served>
  /** Its words, where they are not all the same; and how many tokens it reads a prompt as. */
  word?: (job: Job<GenerationSpec>, token: number) => string
  reads?: (spec: GenerationSpec) => bigint
  /** Counts inputs as so many prompt tokens; without it this engine cannot count. */
  counts?: bigint
  /** What it kept of every job that it finished, or what it keeps of this one. */
  evidence?: readonly Uint8Array[] | ((job: Job<GenerationSpec>, tokens: number) => readonly Uint8Array[] | undefined)
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })

const opened = (gate: Promise<unknown>, signal: AbortSignal): Promise<unknown> =>
  Promise.race([gate, new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))])

const PROMPT = 10n
const CHUNK = 64

/** An engine that does exactly what its script says, and counts what it was asked. */
export function scriptedWorker(script: Script): Worker<unknown> & { asked: unknown[]; script: Script } {
  const served: Served = {
    name: 'scripted',
    digest: digestOf(utf8('scripted weights')),
    context: 4096,
    engine: { name: 'scripted', build: '1' },
    features: ['chat', 'completion'],
    ...script.serves,
  }
  const worker = {
    script,
    asked: [] as unknown[],
    serves: () => (worker.script.gone ? [] : [served]),
    ready: () => worker.script.ready !== false && !worker.script.gone,
    status: () => ({ engine: 'scripted' }),
    stop: async () => undefined,
    ...(script.counts === undefined
      ? {}
      : { count: async () => ({ prompt: script.counts, cached: 0n, completion: 0n }) }),
    async *execute(job: Job<unknown>, context: Context) {
      const { spec } = job
      worker.asked.push(spec)
      const { tokens, firstAfter = 0, between = 0, dieAt, evidence: kept } = worker.script
      if (worker.script.gate) await opened(worker.script.gate, context.signal)
      const most = Math.min(tokens, (spec as GenerationSpec).maxCompletion)
      const prompt = worker.script.reads?.(spec as GenerationSpec) ?? PROMPT
      const word = worker.script.word ?? (() => 'wov ')
      const evidence = typeof kept === 'function' ? kept(job as Job<GenerationSpec>, most) : kept
      for (let token = 1; token <= most; token++) {
        await pause(token === 1 ? firstAfter : between, context.signal)
        if (context.signal.aborted) throw new HeddleError('aborted')
        if (token === dieAt) throw new HeddleError('engine_down', 'the engine died')
        const used = { prompt, cached: 0n, completion: BigInt(token) }
        context.deliver({ bytes: utf8(word(job as Job<GenerationSpec>, token)), used })
        if (token === most) yield { used, finish: most < tokens ? 'length' : 'stop', ...(evidence ? { evidence } : {}) }
        else if (token % CHUNK === 0) yield { used }
      }
    },
  }
  return worker as unknown as Worker<unknown> & { asked: unknown[]; script: Script }
}

export const scriptedTrade = (worker: Worker<unknown>) => ({
  workload: inference as unknown as Workload<unknown>,
  worker,
})
