import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { call } from '../../apps/cli/src/call.ts'
import { type House, startHouse } from '../../apps/cli/src/up/start.ts'
import { type Measurement, measurementsOf, median } from '../measurement.ts'
import { memoryOf } from '../memory.ts'
import { type Ending, soak } from './load.ts'

const SECONDS = Number(process.env['HEDDLE_BENCH_SECONDS'] ?? 600)
/** Seconds of the same load before the first look at the memory, and of rest before each look. */
const WARM_UP = Math.min(30, SECONDS)
const REST = 60
const CONNECTIONS = 200
const HANG_UPS = 0.3

type Status = { keys: { held: string }[]; queue: { waiting: number; unsettled: number } }

/**
 * A house under clients that hang up: the gateway and two providers with the tiny model, 200 connections, three in ten
 * requests given up by whoever asked. Memory is PSS of each daemon by itself, without its engine, after a minute of rest.
 */
export async function* run(): AsyncGenerator<Measurement> {
  const measured = measurementsOf('soak')
  const home = mkdtempSync(join(tmpdir(), 'heddle-soak-'))
  const house = await startHouse({
    home,
    port: 0,
    providers: 2,
    model: 'heddle-tiny',
    terms: { cap: 10n ** 24n },
  })
  try {
    const daemons = daemonsOf(house)
    const memory = (): number[] => daemons.map(({ pid }) => memoryOf([pid]))
    await soakFor(house, WARM_UP)
    await rest()
    const before = memory()
    const endings = await soakFor(house, SECONDS)
    const peak = memory()
    await rest()
    const after = memory()
    const held = await call<Status>(`${house.run.gateway.url}/heddle/1/status`, { token: house.run.adminToken })
    for (const [i, { name }] of daemons.entries()) {
      yield measured(`${name}_before_mb`, before[i]!, 'MB')
      yield measured(`${name}_under_load_mb`, peak[i]!, 'MB')
      yield measured(`${name}_after_mb`, after[i]!, 'MB')
    }
    yield measured('memory_ratio_after', Math.max(...after.map((one, i) => one / before[i]!)), 'ratio', '<= 1.3')
    const refused = endings.filter(one => one.kind === 'refused')
    const answered = endings.filter(one => one.kind === 'answered')
    const of = (status: number) => refused.filter(one => one.status === status)
    yield measured('refused_402', of(402).length, 'requests', '<= 0')
    yield measured('refused_503', of(503).filter(one => !one.retryAfter).length, 'requests', '<= 0')
    yield measured('refused_503_retry_after', of(503).filter(one => one.retryAfter).length, 'requests')
    yield measured('refused_429', of(429).length, 'requests')
    yield measured('refused_other', refused.filter(one => ![402, 429, 503].includes(one.status)).length, 'requests')
    yield measured('broken', endings.filter(one => one.kind === 'broken').length, 'requests')
    yield measured('answered', answered.length, 'requests')
    yield measured('hung_up', endings.filter(one => one.kind === 'hung up').length, 'requests')
    yield measured('answer_ms_p50', median(answered.map(one => one.milliseconds)), 'ms')
    const holds = held.keys.filter(key => key.held !== '0').length + held.queue.unsettled + held.queue.waiting
    yield measured('unsettled_holds_after_60s', holds, 'jobs', '<= 0')
  } finally {
    await house.stop()
    rmSync(home, { recursive: true, force: true })
  }
}

const daemonsOf = ({ run }: House): { name: string; pid: number }[] => [
  { name: 'gateway', pid: run.gateway.pid! },
  ...run.providers.map(({ name, pid }) => ({ name: name.replace('-', '_'), pid: pid! })),
]

async function soakFor(house: House, seconds: number): Promise<Ending[]> {
  const endings: Ending[] = []
  const until = performance.now() + seconds * 1_000
  await soak(
    {
      url: house.run.gateway.url,
      apiKey: house.apiKey,
      model: house.model.name,
      connections: CONNECTIONS,
      hangUps: HANG_UPS,
    },
    () => performance.now() > until,
    ending => void endings.push(ending),
  )
  return endings
}

const rest = (): Promise<void> => new Promise(resolve => setTimeout(resolve, REST * 1_000))
