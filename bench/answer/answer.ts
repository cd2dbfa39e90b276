import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInferenceWorker } from '@heddle/inference/worker'
import { startHouse } from '../../apps/cli/src/up/start.ts'
import { type Measurement, measurementsOf, median } from '../measurement.ts'
import { askWorker, inPairs, questionTo, readAnswer, startClock } from '../one-stream.ts'

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
    const pairs = await inPairs(direct, paid)
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
  const clock = startClock()
  const tokens = await askWorker(engine, clock)
  // Until the engine has ended, not only until its last piece.
  clock.heard(tokens)
  return { first: clock.first(), tokensPerSecond: clock.rate(tokens) }
}

async function timePaid(url: string, apiKey: string, model: string): Promise<Run> {
  const clock = startClock()
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}` },
    body: JSON.stringify(questionTo(model)),
  })
  const tokens = await readAnswer(response.body!, clock, 'paid')
  return { first: clock.first(), tokensPerSecond: clock.rate(tokens) }
}
