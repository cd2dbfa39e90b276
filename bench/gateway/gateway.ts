import { type Measurement, measurementsOf, median } from '../measurement.ts'
import { type BenchHouse, startBenchHouse } from './house.ts'
import { startLiteLlm } from './litellm.ts'
import { type LoadResult, measureLoad } from './load.ts'
import { type Peer, startPortkey } from './portkey.ts'

const CONNECTIONS = 32
const SECONDS = Number(process.env['HEDDLE_BENCH_SECONDS'] ?? 10)
const ROUNDS = Number(process.env['HEDDLE_BENCH_ROUNDS'] ?? 4)
/** Requests before counting: both sides' code is compiled by then. */
const WARM_SECONDS = 8

const questionTo = (model: string): string =>
  JSON.stringify({
    model,
    messages: [
      { role: 'system', content: 'You are a helpful assistant.' },
      { role: 'user', content: 'What is a heddle?' },
    ],
    max_tokens: 64,
  })

/**
 * Whole answers, not streamed, as fast as 32 connections ask: gateway and provider together (paid, receipted, fsynced,
 * production terms) against Portkey, in front of the same engine, in alternating rounds of one run.
 */
export async function* run(): AsyncGenerator<Measurement> {
  const measured = measurementsOf('gateway')
  const house = await startBenchHouse()
  const peer = await startPortkey(house.engine)
  try {
    const ours: LoadResult[] = []
    const theirs: LoadResult[] = []
    await loadHouse(house, WARM_SECONDS)
    await loadPeer(house, peer, WARM_SECONDS)
    const before = await house.counters()
    let counted = 0
    for (let round = 0; round < ROUNDS; round++) {
      const result = await loadHouse(house, SECONDS)
      ours.push(result)
      counted += result.requests
      theirs.push(await loadPeer(house, peer, SECONDS))
    }
    const after = await house.counters()
    const cpu = median(ours.map(one => one.cpu['gateway']! + one.cpu['provider']!))
    const peerCpu = median(theirs.map(one => one.cpu['portkey']!))
    const cpuRatio = median(
      ours.map((one, i) => (one.cpu['gateway']! + one.cpu['provider']!) / theirs[i]!.cpu['portkey']!),
    )
    const rpsRatio = median(ours.map((one, i) => one.rps / theirs[i]!.rps))
    const name = peer.configuration
    yield measured('cpu_us_per_request', cpu, 'µs')
    yield measured('cpu_us_per_request_gateway', median(ours.map(one => one.cpu['gateway']!)), 'µs')
    yield measured('cpu_us_per_request_provider', median(ours.map(one => one.cpu['provider']!)), 'µs')
    yield measured('cpu_us_per_request_portkey', peerCpu, 'µs', null, { peer: name })
    yield measured('cpu_ratio_portkey', cpuRatio, 'ratio', '<= 1', { peer: name, ratio: cpuRatio })
    yield measured('rps', median(ours.map(one => one.rps)), '1/s')
    yield measured('rps_portkey', median(theirs.map(one => one.rps)), '1/s', null, { peer: name })
    yield measured('rps_ratio_portkey', rpsRatio, 'ratio', '>= 1', { peer: name, ratio: rpsRatio })
    yield measured('latency_ms_p50', median(ours.map(one => one.p50)), 'ms')
    yield measured('latency_ms_p99', median(ours.map(one => one.p99)), 'ms')
    yield measured('errors', sum(ours.map(one => one.errors)), 'requests', '<= 0')
    yield measured('errors_portkey', sum(theirs.map(one => one.errors)), 'requests', null, { peer: name })
    const each = (side: 'gateway' | 'provider', what: 'signatures' | 'vouchers' | 'groups'): number =>
      (after[side][what] - before[side][what]) / counted
    yield measured('vouchers_per_request', each('gateway', 'vouchers'), '1')
    yield measured('signatures_per_request', each('gateway', 'signatures') + each('provider', 'signatures'), '1')
    yield measured('fsyncs_per_request', each('gateway', 'groups') + each('provider', 'groups'), '1')
    yield* againstLiteLlm(house, measured)
    const [firstError] = [...ours, ...theirs].flatMap(one => one.firstError ?? [])
    if (firstError) console.error(`first error: ${firstError}`)
  } finally {
    await peer.stop()
    await house.stop()
  }
}

/** The same against LiteLLM, where Python's registry can be reached; says why not otherwise. */
async function* againstLiteLlm(
  house: BenchHouse,
  measured: ReturnType<typeof measurementsOf>,
): AsyncGenerator<Measurement> {
  const peer = await startLiteLlm(house.engine, house.model).catch((error: Error) => {
    console.error(`without LiteLLM: ${error.message.split('\n')[0]}`)
  })
  if (!peer) return
  try {
    const ours: LoadResult[] = []
    const theirs: LoadResult[] = []
    await loadPeer(house, peer, WARM_SECONDS)
    for (let round = 0; round < Math.max(2, ROUNDS / 2); round++) {
      ours.push(await loadHouse(house, SECONDS))
      theirs.push(await loadPeer(house, peer, SECONDS))
    }
    const more = { peer: peer.configuration }
    const cpuOfOurs = (one: LoadResult): number => one.cpu['gateway']! + one.cpu['provider']!
    const cpuRatio = median(ours.map((one, i) => cpuOfOurs(one) / theirs[i]!.cpu['litellm']!))
    const rpsRatio = median(ours.map((one, i) => one.rps / theirs[i]!.rps))
    yield measured('cpu_us_per_request_litellm', median(theirs.map(one => one.cpu['litellm']!)), 'µs', null, more)
    yield measured('cpu_ratio_litellm', cpuRatio, 'ratio', null, { ...more, ratio: cpuRatio })
    yield measured('rps_ratio_litellm', rpsRatio, 'ratio', null, { ...more, ratio: rpsRatio })
    yield measured('errors_litellm', sum(theirs.map(one => one.errors)), 'requests', null, more)
  } finally {
    await peer.stop()
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

const loadHouse = (house: BenchHouse, seconds: number): Promise<LoadResult> =>
  measureLoad(
    {
      url: `http://127.0.0.1:${house.gateway.port}`,
      path: '/v1/chat/completions',
      headers: house.headers,
      body: questionTo(house.model),
      connections: CONNECTIONS,
      seconds,
    },
    [house.gateway, house.provider],
  )

const loadPeer = (house: BenchHouse, peer: Peer, seconds: number): Promise<LoadResult> =>
  measureLoad(
    {
      url: `http://127.0.0.1:${peer.port}`,
      path: '/v1/chat/completions',
      headers: peer.headers,
      body: questionTo(house.model),
      connections: CONNECTIONS,
      seconds,
    },
    [peer],
  )
