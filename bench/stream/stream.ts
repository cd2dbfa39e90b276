import { Pool } from 'undici'
import { type BenchHouse, startBenchHouse } from '../gateway/house.ts'
import { type Peer, startPortkey } from '../gateway/portkey.ts'
import { cpuOf } from '../gateway/processes.ts'
import { type Measurement, measurementsOf, median } from '../measurement.ts'

const STREAMS = 32
const TOKENS = 200
/** Milliseconds between the engine's tokens: 32 streams of 50 tokens a second each. */
const BETWEEN = 20
/** Streams start one after the other, evenly over the time that one takes: so 32 run, and seldom two begin together. */
export const APART = (TOKENS * BETWEEN) / STREAMS
const ROUNDS = Number(process.env['HEDDLE_BENCH_ROUNDS'] ?? 5)

type Run = { first: number[]; tokens: number }
type Target = { port: number; headers: Readonly<Record<string, string>>; model: string }

/**
 * 32 streams of 200 tokens at an even pace: what gateway and provider add to the time to the first token, against the same
 * engine asked directly in the same round, and what a token costs both of them together, against Portkey in the same round. Beside it
 * the same for 32 streams that all begin in one moment, where most of a first token's wait is for the 31 others.
 */
export async function* run(): AsyncGenerator<Measurement> {
  const measured = measurementsOf('stream')
  const house = await startBenchHouse({ MOCK_BETWEEN_MS: String(BETWEEN) })
  const paid: Target = { port: house.gateway.port, headers: house.headers, model: house.model }
  const direct: Target = { ...paid, port: house.engine.port }
  const peer = await startPortkey(house.engine, { streams: true })
  const others: Target = { port: peer.port, headers: peer.headers, model: house.model }
  const targets = { direct, paid, others }
  try {
    for (const target of [direct, paid, others]) await streams(target, 0)
    for (const target of [paid, others]) await streams(target, APART)
    const steady = await rounds({ house, peer }, targets, APART)
    const ratio = median(steady.cpu.map((own, i) => own / steady.cpuOfPeer[i]!))
    const more = { peer: peer.configuration }
    yield measured('ttft_added_ms_p50', median(steady.added), 'ms', '<= 5')
    yield measured('ttft_added_ms_p99', at(steady.added, 0.99), 'ms', '<= 25')
    yield measured('cpu_us_per_token', median(steady.cpu), 'µs', '<= 70')
    yield measured('cpu_us_per_token_portkey', median(steady.cpuOfPeer), 'µs', null, more)
    yield measured('cpu_per_token_ratio_portkey', ratio, 'ratio', '<= 1', { ...more, ratio })
    yield measured('ttft_added_ms_p50_portkey', median(steady.addedByPeer), 'ms', null, more)
    yield measured('ttft_added_ms_p99_portkey', at(steady.addedByPeer, 0.99), 'ms', null, more)
    const burst = await rounds({ house, peer }, targets, 0)
    yield measured('ttft_added_ms_p50_at_once', median(burst.added), 'ms')
    yield measured('ttft_added_ms_p99_at_once', at(burst.added, 0.99), 'ms')
    yield measured('cpu_us_per_token_at_once', median(burst.cpu), 'µs')
  } finally {
    await peer.stop()
    await house.stop()
  }
  const { cores, lost } = await fed()
  yield measured('provider_cores_at_2000_tokens_s', median(cores), 'cores', '<= 0.5')
  yield measured('tokens_lost_at_2000_tokens_s', lost, 'tokens', '<= 0')
}

/** One provider whose engine makes 2,000 tokens a second, in 32 streams: how many cores it takes, and what is lost on the way. */
async function fed() {
  const house = await startBenchHouse({ MOCK_BETWEEN_MS: String((1_000 * STREAMS) / 2_000) })
  const cores: number[] = []
  let lost = 0
  try {
    await paced(house, 0)
    for (let round = 0; round < ROUNDS; round++) {
      const [began, before] = [performance.now(), cpuOf(house.provider.pid)]
      const { tokens } = await paced(house, 0)
      cores.push((cpuOf(house.provider.pid) - before) / 1_000 / (performance.now() - began))
      lost += STREAMS * TOKENS - tokens
    }
    return { cores, lost }
  } finally {
    await house.stop()
  }
}

async function rounds(
  { house, peer }: { house: BenchHouse; peer: Peer },
  { direct, paid, others }: Readonly<Record<'direct' | 'paid' | 'others', Target>>,
  apart: number,
) {
  const added: number[] = []
  const addedByPeer: number[] = []
  const cpu: number[] = []
  const cpuOfPeer: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const plain = median((await streams(direct, apart)).first)
    const own = await counted(paid, apart, [house.gateway.pid, house.provider.pid])
    added.push(...own.first.map(one => one - plain))
    cpu.push(own.cpu)
    const theirs = await counted(others, apart, [peer.pid])
    addedByPeer.push(...theirs.first.map(one => one - plain))
    cpuOfPeer.push(theirs.cpu)
  }
  const sorted = (values: number[]): number[] => values.sort((a, b) => a - b)
  return { added: sorted(added), addedByPeer: sorted(addedByPeer), cpu, cpuOfPeer }
}

/** The streams of one round, and what each token of them cost these processes: microseconds of CPU. */
async function counted(target: Target, apart: number, pids: readonly number[]) {
  const used = (): number => pids.reduce((sum, pid) => sum + cpuOf(pid), 0)
  const before = used()
  const { first, tokens } = await streams(target, apart)
  if (tokens !== STREAMS * TOKENS) throw new Error(`${tokens} tokens of ${STREAMS * TOKENS} came`)
  return { first, cpu: (used() - before) / tokens }
}

const at = (sorted: readonly number[], share: number): number => sorted[Math.floor(sorted.length * share)]!

/** The streams of one round through a house. */
export const paced = (house: BenchHouse, apart: number): Promise<Run> =>
  streams({ port: house.gateway.port, headers: house.headers, model: house.model }, apart)

/** Starts 32 streams, `apart` milliseconds after each other. Throws when one is cut short. */
async function streams({ port, headers, model }: Target, apart: number): Promise<Run> {
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
      Array.from({ length: STREAMS }, async (_, i) => {
        await new Promise(resolve => setTimeout(resolve, i * apart))
        const sent = performance.now()
        const response = await pool.request({ method: 'POST', path: '/v1/chat/completions', headers, body })
        let text = ''
        let begun = 0
        for await (const bytes of response.body) {
          text += String(bytes)
          if (begun === 0 && text.includes(' wov')) begun = performance.now() - sent
        }
        const tokens = text.split(' wov').length - 1
        if (tokens > TOKENS || !text.includes('[DONE]'))
          throw new Error(`a stream of ${tokens} tokens: ${text.slice(-300)}`)
        return { begun, tokens }
      }),
    )
    return { first: first.map(({ begun }) => begun), tokens: first.reduce((sum, { tokens }) => sum + tokens, 0) }
  } finally {
    await pool.destroy()
  }
}
