import { type Digest, HeddleError, type Offer } from '@heddle/protocol'
import type { Parts, Trade } from '../parts.ts'

/** Notes that a job runs, so that no other begins under its id until it is deleted there. Throws `job_running`. */
export function begin({ running }: Parts, id: Digest): void {
  if (running.has(id)) throw new HeddleError('job_running', id)
  running.begin(id)
}

/** That the engine can answer for what the offer serves. Throws `engine_down`. */
export function checkReady({ worker }: Trade, { serves }: Offer): void {
  if (!worker.ready(serves.digest)) throw new HeddleError('engine_down')
}
