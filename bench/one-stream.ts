/**
 * One long answer at a time, paid for and from the engine itself: what the benches of a real model ask, and how they time
 * it.
 */
import type { createInferenceWorker } from '@heddle/inference/worker'
import type { InferenceSpec } from '@heddle/inference/workload'
import { digestOf, utf8 } from '@heddle/protocol'

const ROUNDS = Number(process.env['HEDDLE_BENCH_ROUNDS'] ?? 12)
const TOKENS = 128
const QUESTION = 'Explain how a loom works, step by step.'

/** Counts the time from when it is started to the first piece, and from there on: what came with it is not counted. */
export function startClock() {
  const started = performance.now()
  let first = 0
  let last = 0
  let atFirst = 0
  return {
    /** A piece came; it was `tokens` until then. */
    heard(tokens: number): void {
      last = performance.now()
      if (first !== 0) return
      first = last
      atFirst = tokens
    },
    /** Milliseconds until the first piece. */
    first: (): number => first - started,
    /** Tokens a second. */
    rate: (tokens: number): number => ((tokens - atFirst) * 1_000) / (last - first),
  }
}

type Clock = ReturnType<typeof startClock>

/** The question to an API in OpenAI's shape. */
export const questionTo = (model: string) => ({
  model,
  messages: [{ role: 'user', content: QUESTION }],
  max_tokens: TOKENS,
  temperature: 0,
  stream: true,
  stream_options: { include_usage: true },
})

/** Reads the answer of such an API to its end; gives its tokens. */
export async function readAnswer(body: AsyncIterable<unknown>, clock: Clock, who: string): Promise<number> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of body) {
    const piece = decoder.decode(bytes as Uint8Array, { stream: true })
    if (/"content":"[^"]/.test(piece)) clock.heard(1)
    text += piece
  }
  const tokens = Number(/"completion_tokens":(\d+)/.exec(text)?.[1] ?? Number.NaN)
  if (!text.includes('[DONE]')) throw new Error(`${who}: ${text.slice(-500)}`)
  return tokens
}

/** The same question to a worker in its own process, without anything between; gives its tokens. */
export async function askWorker(
  worker: Awaited<ReturnType<typeof createInferenceWorker>>,
  clock: Clock,
): Promise<number> {
  const spec: InferenceSpec = {
    task: 'chat',
    messages: [{ role: 'user', content: QUESTION }],
    maxCompletion: TOKENS,
    temperature: 0,
    topP: 1,
    stop: [],
  }
  const job = {
    id: digestOf(utf8('x')),
    spec,
    seed: digestOf(utf8('seed')),
    scope: 'bench',
    serves: worker.serves()[0]!,
    input: (async function* () {})(),
  }
  let tokens = 0
  const context = {
    signal: new AbortController().signal,
    clock: Date,
    log: { info() {}, warn() {}, error() {} },
    deliver({ used }: { used: { completion: bigint } }) {
      tokens = Number(used.completion)
      clock.heard(tokens)
    },
  }
  for await (const chunk of worker.execute(job, context)) tokens = Number(chunk.used.completion)
  return tokens
}

/** Both in alternating pairs, so that whatever else the machine does weighs on both; each once before, to be warm. */
export async function inPairs<T>(direct: () => Promise<T>, paid: () => Promise<T>): Promise<{ direct: T; paid: T }[]> {
  await direct()
  await paid()
  const pairs: { direct: T; paid: T }[] = []
  for (let i = 0; i < ROUNDS; i++) {
    if (i % 2 === 0) pairs.push({ direct: await direct(), paid: await paid() })
    else {
      const first = await paid()
      pairs.push({ paid: first, direct: await direct() })
    }
  }
  return pairs
}
