import { createEngine, type EngineSettings, type EngineWorker, findEngines } from '@heddle/inference/engines'
import { resolveModel } from '@heddle/inference/models'
import { createInferenceWorker } from '@heddle/inference/worker'
import { request } from 'undici'
import { startGatewayStage } from '../../test/faults/gateway-stage.ts'
import { scriptedTrade } from '../../test/faults/scripted-worker.ts'
import { folder, quiet, startStage } from '../../test/faults/stage.ts'
import { type Measurement, measurementsOf, median } from '../measurement.ts'
import { askWorker, inPairs, questionTo, readAnswer, startClock } from '../one-stream.ts'
import { startStaging } from '../stage.ts'

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
      const clock = startClock()
      const response = await gateway.ask(questionTo(model))
      return clock.rate(await readAnswer(response.body!, clock, 'paid'))
    }
    const pairs = await inPairs(direct, paid)
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
    const clock = startClock()
    const response = await request(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(questionTo(model)),
    })
    return clock.rate(await readAnswer(response.body, clock, 'direct'))
  }
  return { worker, name: String(worker.status()['engine']), direct }
}

async function builtIn(directory: string): Promise<Opened> {
  const setting = process.env['HEDDLE_MODEL']
  const model = await resolveModel({ directory, ...(setting ? { setting } : {}) })
  const worker = await createInferenceWorker({ model, log: quiet, threads: 1, context: 2_048, concurrency: 1 })
  const direct = async (): Promise<number> => {
    const clock = startClock()
    return clock.rate(await askWorker(worker, clock))
  }
  return { worker, name: `the built-in engine with ${model.name}`, direct }
}
