import { Pool } from 'undici'
import { cpuOf, type Measured } from './processes.ts'

export type Load = {
  url: string
  path: string
  headers: Readonly<Record<string, string>>
  body: string
  connections: number
  seconds: number
}

export type LoadResult = {
  requests: number
  errors: number
  rps: number
  p50: number
  p99: number
  /** CPU microseconds of each process for one request. */
  cpu: Readonly<Record<string, number>>
  /** The first answer that was not 200, for the report. */
  firstError?: string
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN

/** Keeps every connection busy with one request after the other, for a while; counts only whole, good answers. */
export async function measureLoad(load: Load, processes: readonly Measured[]): Promise<LoadResult> {
  const pool = new Pool(load.url, { connections: load.connections, pipelining: 1 })
  const latencies: number[] = []
  let errors = 0
  let firstError: string | undefined
  const before = processes.map(one => cpuOf(one.pid))
  const started = performance.now()
  const until = started + load.seconds * 1_000
  const client = async (): Promise<void> => {
    while (performance.now() < until) {
      const sent = performance.now()
      const response = await pool.request({ method: 'POST', path: load.path, headers: load.headers, body: load.body })
      const text = await response.body.text()
      if (response.statusCode === 200 && text.includes('"finish_reason"')) latencies.push(performance.now() - sent)
      else {
        errors += 1
        firstError ??= `${response.statusCode} ${text.slice(0, 200)}`
      }
    }
  }
  await Promise.all(Array.from({ length: load.connections }, client))
  const seconds = (performance.now() - started) / 1_000
  const requests = latencies.length
  const cpu = Object.fromEntries(
    processes.map((one, i) => [one.name, (cpuOf(one.pid) - before[i]!) / Math.max(1, requests + errors)]),
  )
  await pool.destroy()
  latencies.sort((a, b) => a - b)
  return {
    requests,
    errors,
    rps: requests / seconds,
    p50: at(latencies, 0.5),
    p99: at(latencies, 0.99),
    cpu,
    ...(firstError ? { firstError } : {}),
  }
}
