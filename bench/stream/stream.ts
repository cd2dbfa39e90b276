import { Pool } from 'undici'
import { startBenchHouse } from '../gateway/house.ts'
import { cpuOf } from '../gateway/processes.ts'
import { type Measurement, measurementsOf, median } from '../measurement.ts'

const STREAMS = 32
const TOKENS = 200
/** Milliseconds between the engine's tokens: 32 streams of 50 tokens a second each. */
const BETWEEN = 20
const ROUNDS = Number(process.env['HEDDLE_BENCH_ROUNDS'] ?? 5)

type Run = { first: number[]; tokens: number }

/**
 * 32 streams at once, 200 tokens each at an even pace: what gateway and provider add to the time to the first token,
 * against the same engine asked directly in the same round, and what a token costs both of them together.
 */
export async function* run(): AsyncGenerator<Measurement> {
  const measured = measurementsOf('stream')
  const house = await startBenchHouse({ MOCK_BETWEEN_MS: String(BETWEEN) })
  const processes = [house.gateway, house.provider]
  const cpu = (): number => processes.reduce((total, one) => total + cpuOf(one.pid), 0)
  const paid = (): Promise<Run> => streams(house.gateway.port, house.headers, house.model)
  const direct = (): Promise<Run> => streams(house.engine.port, { 'content-type': 'application/json' }, house.model)
  try {
    await direct()
    await paid()
    const added: number[] = []
    const each: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const plain = median((await direct()).first)
      const before = cpu()
      const { first, tokens } = await paid()
      each.push((cpu() - before) / tokens)
      added.push(...first.map(one => one - plain))
    }
    added.sort((a, b) => a - b)
    yield measured('ttft_added_ms_p50', median(added), 'ms', '<= 5')
    yield measured('ttft_added_ms_p99', added[Math.floor(added.length * 0.99)]!, 'ms', '<= 25')
    yield measured('cpu_us_per_token', median(each), 'µs', '<= 50')
  } finally {
    await house.stop()
  }
}

/** Starts all streams at the same moment; gives each one's time to its first token. Throws when one is cut short. */
async function streams(port: number, headers: Readonly<Record<string, string>>, model: string): Promise<Run> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: STREAMS, pipelining: 1 })
  const body = JSON.stringify({
    model,
    messages: [{ role: 'user', content: 'Weave.' }],
    max_tokens: TOKENS,
    stream: true,
    stream_options: { include_usage: true },
  })
  try {
    const first = await Promise.all(
      Array.from({ length: STREAMS }, async () => {
        const sent = performance.now()
        const response = await pool.request({ method: 'POST', path: '/v1/chat/completions', headers, body })
        let text = ''
        let at = 0
        for await (const bytes of response.body) {
          text += String(bytes)
          if (at === 0 && / wov/.test(text)) at = performance.now() - sent
        }
        const tokens = text.split(' wov').length - 1
        if (tokens !== TOKENS || !text.includes('[DONE]'))
          throw new Error(`a stream of ${tokens} tokens: ${text.slice(-300)}`)
        return at
      }),
    )
    return { first, tokens: STREAMS * TOKENS }
  } finally {
    await pool.destroy()
  }
}
