import { Pool } from 'undici'
import { API_KEY } from '../../test/faults/gateway-stage.ts'
import { type GuardStage, startGuardStage } from '../../test/guard/stage.ts'
import { type Measurement, measurementsOf } from '../measurement.ts'
import { startStaging } from '../stage.ts'
import { fuzz } from './fuzz.ts'
import { nextRequest, randomFrom } from './mutate.ts'
import { rows } from './rows.ts'
import { fuzzOllama, fuzzSchemas } from './schema-fuzz.ts'

const IN_PROCESS = Number(process.env['HEDDLE_BENCH_FUZZ'] ?? 1_000_000)
/** Of every hundred requests this many go over real sockets as well, to a gateway and a provider that really run. */
const SOCKET_SHARE = 0.02
const SCHEMAS = Number(process.env['HEDDLE_BENCH_SCHEMAS'] ?? 200_000)
/** At a real Ollama, where there is one. */
const OLLAMA_SCHEMAS = Number(process.env['HEDDLE_BENCH_OLLAMA_SCHEMAS'] ?? 2_000)
const SEED = Number(process.env['HEDDLE_BENCH_SEED'] ?? 20_261_122)
const PATIENT = { patience: { pollMs: 50, freshMs: 0 } }

/** Every row of the guard's table as an attack on a provider that runs; then requests that are nearly right. */
export async function* run(): AsyncGenerator<Measurement> {
  const measured = measurementsOf('guard')
  let blocked = 0
  for (const row of rows) {
    const staging = startStaging()
    try {
      const stage = await startGuardStage(staging.t, 'ollama', {}, PATIENT)
      await row.attack(stage, staging.t)
      blocked++
    } catch (error) {
      console.error(`not blocked: ${row.name}: ${(error as Error).message}`)
    } finally {
      await staging.stop()
    }
  }
  yield measured('classes_blocked', blocked, 'classes', `>= ${rows.length}`)

  const started = performance.now()
  const inside = await fuzz(randomFrom(SEED), IN_PROCESS)
  const seconds = (performance.now() - started) / 1_000
  const outside = await fuzzSockets(Math.ceil(IN_PROCESS * SOCKET_SHARE))
  const crashes = [...inside.crashes, ...outside.crashes]
  for (const crash of crashes.slice(0, 10)) console.error(crash)
  const requests = inside.requests + outside.requests
  yield measured('requests_fuzzed', requests, 'requests', '>= 1000000', {
    peer: `${outside.requests} over sockets, ${inside.reached} reached the sink, ${Math.round(inside.requests / seconds)}/s`,
  })
  yield measured('crashes', crashes.length, 'crashes', '<= 0')
  yield* schemas()
}

/** Schemas at parsers that died of some: of llama.cpp's grammars, and where an Ollama runs, its own of schemas. */
async function* schemas(): AsyncGenerator<Measurement> {
  const measured = measurementsOf('guard')
  const ours = await fuzzSchemas(SEED, SCHEMAS)
  const url = process.env['HEDDLE_TEST_OLLAMA_URL']
  const ollama = url ? await fuzzOllama(url, SEED, OLLAMA_SCHEMAS) : undefined
  const crashes = [...ours.crashes, ...(ollama?.crashes ?? [])]
  for (const crash of crashes.slice(0, 10)) console.error(crash)
  yield measured('schemas_fuzzed', ours.schemas + (ollama?.schemas ?? 0), 'schemas', '>= 200000', {
    peer: `${ours.held} held by a grammar, the slowest ${ours.slowest.toFixed(2)} s of processor time; at Ollama ${ollama?.schemas ?? 0}`,
  })
  yield measured('engine_crashes', crashes.length, 'crashes', '<= 0')
}

/** The same kind of requests over sockets; afterwards a good question is answered and the books agree. */
async function fuzzSockets(requests: number): Promise<{ requests: number; crashes: string[] }> {
  const staging = startStaging()
  const crashes: string[] = []
  const stage = await startGuardStage(staging.t, 'ollama', {}, PATIENT)
  const random = randomFrom(SEED + 1)
  const pools = [stage.gateway.url, stage.stage.url].map(url => new Pool(url, { connections: 16 }))
  let sent = 0
  try {
    const worker = async (): Promise<void> => {
      while (sent < requests) {
        const pool = pools[sent++ % pools.length]!
        const crash = await sendOne(pool, nextRequest(random))
        if (crash) crashes.push(crash)
      }
    }
    await Promise.all(Array.from({ length: 32 }, worker))
    crashes.push(...(await stillGood(stage)))
  } finally {
    await Promise.all(pools.map(pool => pool.close()))
    await staging.stop()
  }
  return { requests, crashes }
}

async function sendOne(pool: Pool, { path, bytes }: { path: string; bytes: Buffer }): Promise<string | undefined> {
  try {
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path,
      // The recording engine's model has another name than the generator's: what is right is answered, too.
      body: bytes.toString('latin1').replaceAll('"toy"', '"toy:1b"'),
      headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
    })
    const text = await body.text()
    return statusCode === 500 ? `${path} ${statusCode}: ${text.slice(0, 300)}` : undefined
  } catch (error) {
    return `${path}: ${(error as Error).message}`
  }
}

async function stillGood(stage: GuardStage): Promise<string[]> {
  try {
    await stage.held()
    return []
  } catch (error) {
    return [`after all requests: ${(error as Error).message}`]
  }
}
