import type { Row } from '@heddle/ledger'
import { EVIDENCE_LIFETIME, JOB_LIFETIME } from '@heddle/protocol'
import type { Seen } from './gateway.ts'

export type Sample = Row<'samples'>
export type Source = 'traffic' | 'canary'

/** Draws a number from 0 to just below 1. */
export type Random = () => number

/** A receipt that will be checked. Its provider must open it for 72 hours, by the clock of whoever asked. */
const sampleOf = ({ id, provider, model, expires }: Seen, source: Source, now: number): Sample => ({
  id,
  provider,
  model,
  source,
  state: 'waiting',
  tries: 0,
  next: now,
  until: (expires - JOB_LIFETIME) * 1_000 + EVIDENCE_LIFETIME,
  problem: null,
})

/** What of the traffic is checked: every canary, and of all others a share, drawn after they were signed. */
export function choose(
  seen: readonly Seen[],
  options: { share: number; canaryKey: string | undefined; random: Random; now: number; within?: number },
): Sample[] {
  const { share, canaryKey, random, now, within = 0 } = options
  return seen.flatMap(one => {
    const isCanary = canaryKey !== undefined && one.apiKey === canaryKey
    const chosen = isCanary || random() < share
    // Opened at once, it would tell its provider which of its askers was tried just now.
    const later = chosen && within > 0 ? random() * within : 0
    const sample = { ...sampleOf(one, isCanary ? 'canary' : 'traffic', now), next: Math.floor(now + later) }
    // What nobody has to open any more says nothing.
    return chosen && sample.until > now ? [sample] : []
  })
}

const LONGEST_WAIT = 3_600_000

/** The sample after its provider did not open it: asked again later and later, until it need not any more. */
export function afterSilence(sample: Sample, problem: string, now: number, patience: number): Sample {
  const tries = sample.tries + 1
  const next = now + Math.min(LONGEST_WAIT, patience * 2 ** Math.min(tries - 1, 30))
  return { ...sample, tries, next, problem, state: now >= sample.until ? ended(tries) : 'waiting' }
}

/** The sample after a check that could not be made here, which is nobody's silence. */
export function afterFailure(sample: Sample, problem: string, now: number, patience: number): Sample {
  const state = now >= sample.until ? ended(sample.tries) : 'waiting'
  return { ...sample, next: now + Math.min(LONGEST_WAIT, 10 * patience), problem, state }
}

/** Who was asked once only, when its time was over, kept no silence: this watcher came too late. */
const ended = (tries: number): string => (tries > 1 ? 'silent' : 'unchecked')

export const isSilent = ({ state, tries }: Sample): boolean => state === 'silent' || (state === 'waiting' && tries > 0)
