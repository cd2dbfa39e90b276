import { HeddleError } from '../errors/heddle-error.ts'
import { askedAt, type JobRequest } from '../job/job.ts'
import type { Receipt } from './receipt.ts'

/** How far two honest clocks may lie apart, in milliseconds. */
export const CLOCK_SKEW = 120_000

/**
 * Holds the times of a receipt against the clock of whoever asked: nothing begins or ends before it was asked, nor
 * later than now. No proof rests on a time, but people read them: when a key spent, what a month cost. Throws
 * `receipt_time`, which says nothing of guilt: one of two clocks is wrong.
 *
 * @example
 * ```ts
 * // sketch
 * checkTimes(receipt, job, Date.now())
 * ```
 */
export function checkTimes({ started, finished }: Receipt, job: JobRequest, now: number): void {
  const [first, last] = [askedAt(job) - CLOCK_SKEW, now + CLOCK_SKEW]
  for (const [name, time] of Object.entries({ started, finished })) {
    if (time < first) throw new HeddleError('receipt_time', `${name} is ${time}, asked for at ${askedAt(job)}`)
    if (time > last) throw new HeddleError('receipt_time', `${name} is ${time}, it is ${now}`)
  }
}
