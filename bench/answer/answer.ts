import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInferenceWorker } from '@heddle/inference/worker'
import type { InferenceSpec } from '@heddle/inference/workload'
import { digestOf, utf8 } from '@heddle/protocol'
import { startHouse } from '../../apps/cli/src/up/start.ts'
import { type Measurement, measurementsOf, median } from '../measurement.ts'

const ROUNDS = Number(process.env['HEDDLE_BENCH_ROUNDS'] ?? 12)
const TOKENS = 128
const QUESTION = 'Explain how a loom works, step by step.'
const quiet = { info() {}, warn() {}, error() {} }

type Run = { first: number; tokensPerSecond: number }

/**
 * One stream at a time, the real model: through gateway and provider, and from the same engine called directly (its own
 * process, same threads), in alternating pairs. Rates are of the tokens after the first.
 */
export async function* run(): AsyncGenerator<Measurement> {
  const measured = measurementsOf('answer')
  const home = mkdtempSync(join(tmpdir(), 'heddle-answer-'))
  const terms = { deposit: 40n * 10n ** 18n, cap: 1_000n * 10n ** 18n }
  const setting = process.env['HEDDLE_MODEL']
  const house = await startHouse({ home, port: 0, providers: 1, terms, ...(setting ? { model: setting } : {}) })
  const engine = await createInferenceWorker({
    model: house.model,
    log: quiet,
    threads: 1,
    context: 2048,
    concurrency: 2,
  })
  try {
    const direct = (): Promise<Run> => timeDirect(engine)
    const paid = (): Promise<Run> => timePaid(house.run.gateway.url, house.apiKey, house.model.name)
    await direct()
    await paid()
    const pairs: { direct: Run; paid: Run }[] = []
    for (let i = 0; i < ROUNDS; i++) {
      if (i % 2 === 0) pairs.push({ direct: await direct(), paid: await paid() })
      else {
        const first = await paid()
        pairs.push({ paid: first, direct: await direct() })
      }
    }
    const ratio = median(pairs.map(pair => pair.paid.tokensPerSecond / pair.direct.tokensPerSecond))
    const directRate = median(pairs.map(pair => pair.direct.tokensPerSecond))
    const peer = `engine called directly: ${directRate.toFixed(1)} tokens/s`
    yield measured('tokens_per_second', median(pairs.map(pair => pair.paid.tokensPerSecond)), 'tokens/s', null, {
      peer,
    })
    yield measured('tokens_per_second_ratio', ratio, 'ratio', '>= 0.97', { peer, ratio })
    const added = pairs.map(pair => pair.paid.first - pair.direct.first)
    yield measured('ttft_added_ms_p50', median(added), 'ms', '<= 20')
    yield measured('ttft_direct_ms_p50', median(pairs.map(pair => pair.direct.first)), 'ms')
  } finally {
    await engine.stop()
    await house.stop()
    rmSync(home, { recursive: true, force: true })
  }
}

async function timeDirect(engine: Awaited<ReturnType<typeof createInferenceWorker>>): Promise<Run> {
  const spec: InferenceSpec = {
    task: 'chat',
    messages: [{ role: 'user', content: QUESTION }],
    maxCompletion: TOKENS,
    temperature: 0,
    topP: 1,
    stop: [],
  }
  const started = performance.now()
  let first = 0
  let atFirst = 0n
  let tokens = 0n
  const job = {
    id: digestOf(utf8('x')),
    spec,
    seed: digestOf(utf8('seed')),
    scope: 'bench',
    serves: engine.serves()[0]!,
    input: nothing(),
  }
  const context = {
    signal: new AbortController().signal,
    clock: { now: () => Date.now() },
    log: quiet,
    deliver: ({ used }: { used: { completion: bigint } }) => {
      if (first === 0) {
        first = performance.now()
        atFirst = used.completion
      }
      tokens = used.completion
    },
  }
  for await (const chunk of engine.execute(job, context)) tokens = chunk.used.completion
  return { first: first - started, tokensPerSecond: (Number(tokens - atFirst) * 1000) / (performance.now() - first) }
}

async function timePaid(url: string, apiKey: string, model: string): Promise<Run> {
  const started = performance.now()
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({
      model,
      messages: [{ role: 'user', content: QUESTION }],
      max_tokens: TOKENS,
      temperature: 0,
      stream: true,
      stream_options: { include_usage: true },
    }),
  })
  let first = 0
  let last = 0
  let text = ''
  const decoder = new TextDecoder()
  for await (const bytes of response.body!) {
    const piece = decoder.decode(bytes as Uint8Array, { stream: true })
    if (/"content":"[^"]/.test(piece)) {
      first ||= performance.now()
      last = performance.now()
    }
    text += piece
  }
  const tokens = Number(/"completion_tokens":(\d+)/.exec(text)?.[1] ?? Number.NaN)
  if (!text.includes('[DONE]')) throw new Error(text.slice(-500))
  return { first: first - started, tokensPerSecond: ((tokens - 1) * 1000) / (last - first) }
}

async function* nothing(): AsyncIterable<Uint8Array> {}
