import { createEngine, type EngineSettings, type EngineWorker, findEngines } from '@heddle/inference/engines'
import { resolveModel } from '@heddle/inference/models'
import { createInferenceWorker } from '@heddle/inference/worker'
import type { InferenceSpec } from '@heddle/inference/workload'
import { digestOf, utf8 } from '@heddle/protocol'
import { request } from 'undici'
import { startGatewayStage } from '../../test/faults/gateway-stage.ts'
import { scriptedTrade } from '../../test/faults/scripted-worker.ts'
import { folder, quiet, startStage } from '../../test/faults/stage.ts'
import { type Measurement, measurementsOf, median } from '../measurement.ts'
import { startStaging } from '../stage.ts'

const ROUNDS = Number(process.env['HEDDLE_BENCH_ROUNDS'] ?? 12)
const TOKENS = 128
const QUESTION = 'Explain how a loom works, step by step.'

/**
 * Tokens a second of one stream: paid, through gateway and provider, against the same engine asked directly, in
 * alternating pairs. The engine is a real Ollama (HEDDLE_TEST_OLLAMA_URL) or any server with OpenAI's API
 * (HEDDLE_TEST_OPENAI_URL); else the built-in one.
 */
export async function* run(): AsyncGenerator<Measurement> {
  const measured = measurementsOf('engines')
  const staging = startStaging()
  try {
    const { worker, name, direct } = await openWorker(folder(staging.t))
    const stage = await startStage(staging.t, { script: { tokens: 0 }, trades: [scriptedTrade(worker as never)] })
    const gateway = await startGatewayStage(staging.t, [stage])
    const model = worker.serves()[0]!.name
    const paid = async (): Promise<number> => {
      const body = { model, messages: [{ role: 'user', content: QUESTION }], max_tokens: TOKENS, temperature: 0 }
      const response = await gateway.ask({ ...body, stream: true, stream_options: { include_usage: true } })
      return rateOf(response.body!, 'paid')
    }
    await direct()
    await paid()
    const pairs: { direct: number; paid: number }[] = []
    for (let i = 0; i < ROUNDS; i++) {
      if (i % 2 === 0) pairs.push({ direct: await direct(), paid: await paid() })
      else {
        const first = await paid()
        pairs.push({ paid: first, direct: await direct() })
      }
    }
    const ratio = median(pairs.map(pair => pair.paid / pair.direct))
    const peer = `${name} asked directly: ${median(pairs.map(pair => pair.direct)).toFixed(1)} tokens/s`
    yield measured('paid_tokens_per_second', median(pairs.map(pair => pair.paid)), 'tokens/s', null, { peer })
    yield measured('paid_tokens_per_second_ratio', ratio, 'ratio', '>= 0.97', { peer, ratio })
  } finally {
    await staging.stop()
  }
}

type Opened = { worker: EngineWorker; name: string; direct(): Promise<number> }

async function openWorker(directory: string): Promise<Opened> {
  const ollama = process.env['HEDDLE_TEST_OLLAMA_URL']
  const url = ollama ?? process.env['HEDDLE_TEST_OPENAI_URL']
  if (!url) return builtIn(directory)
  const [found] = await findEngines([url])
  const settings: EngineSettings = { kind: ollama ? 'ollama' : (found?.kind ?? 'openai'), url }
  const worker = await createEngine({ ...settings, log: quiet })
  const model = worker.serves()[0]!.name
  const direct = async (): Promise<number> => {
    const body = { model, messages: [{ role: 'user', content: QUESTION }], max_tokens: TOKENS, temperature: 0 }
    const response = await request(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, stream: true, stream_options: { include_usage: true } }),
    })
    return rateOf(response.body, 'direct')
  }
  return { worker, name: String(worker.status()['engine']), direct }
}

async function builtIn(directory: string): Promise<Opened> {
  const setting = process.env['HEDDLE_MODEL']
  const model = await resolveModel({ directory, ...(setting ? { setting } : {}) })
  const worker = await createInferenceWorker({ model, log: quiet, threads: 1, context: 2_048, concurrency: 1 })
  const direct = async (): Promise<number> => {
    const spec: InferenceSpec = {
      task: 'chat',
      messages: [{ role: 'user', content: QUESTION }],
      maxCompletion: TOKENS,
      temperature: 0,
      topP: 1,
      stop: [],
    }
    const clock = startClock()
    const job = {
      id: digestOf(utf8('x')),
      spec,
      seed: digestOf(utf8('s')),
      scope: 'bench',
      serves: worker.serves()[0]!,
      input: none(),
    }
    const signal = new AbortController().signal
    let tokens = 0
    const deliver = ({ used }: { used: { completion: bigint } }) => {
      tokens = Number(used.completion)
      clock.heard(tokens)
    }
    for await (const chunk of worker.execute(job, { signal, clock: Date, log: quiet, deliver }))
      tokens = Number(chunk.used.completion)
    return clock.rate(tokens)
  }
  return { worker, name: `the built-in engine with ${model.name}`, direct }
}

/** Tokens a second after the first piece: what came with it is not counted. */
function startClock() {
  let first = 0
  let last = 0
  let atFirst = 0
  return {
    heard(tokens: number): void {
      last = performance.now()
      if (first !== 0) return
      first = last
      atFirst = tokens
    },
    rate: (tokens: number): number => ((tokens - atFirst) * 1_000) / (last - first),
  }
}

async function rateOf(body: AsyncIterable<unknown>, who: string): Promise<number> {
  const clock = startClock()
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of body) {
    const piece = decoder.decode(bytes as Uint8Array, { stream: true })
    if (/"content":"[^"]/.test(piece)) clock.heard(1)
    text += piece
  }
  const tokens = Number(/"completion_tokens":(\d+)/.exec(text)?.[1] ?? Number.NaN)
  if (!text.includes('[DONE]')) throw new Error(`${who}: ${text.slice(-500)}`)
  return clock.rate(tokens)
}

async function* none(): AsyncIterable<Uint8Array> {}
