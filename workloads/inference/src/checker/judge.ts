import type { Finding } from '@heddle/protocol'
import { type CalibratedEngine, isAbove } from './calibration.ts'
import type { Oddity, PositionDistance } from './distance.ts'
import { farthest, type Statistic, statisticsOf } from './statistics.ts'

/** What a check says, before what it cost and whom it is about. */
export type Said = Pick<Finding, 'verdict' | 'check' | 'reason'> &
  Partial<Pick<Finding, 'provable' | 'distance' | 'threshold' | 'falsePositiveRate' | 'facts'>>

const REASONS: Readonly<Record<Exclude<Statistic, 'maximum'>, string>> = {
  tail: 'a part of it is further from the weights than honest answers are',
  mean: 'it is further from the weights than honest answers are',
}
const ODDITIES: Readonly<Record<Oddity, string>> = {
  candidate: 'a token is told another likelihood than the weights give it',
  drawn: 'the token drawn is told another likelihood than the weights give it',
  hidden: 'a likely token is not among the candidates',
}

const thousandth = (value: number): number => Math.round(value * 1_000) / 1_000

/**
 * Holds measured distances against what honest engines of the same class measure; a span of
 * positions has the false-positive rate that calibration gives, a longer answer as many times that.
 */
export function judgeDistances(
  distances: readonly PositionDistance[],
  { thresholds, falsePositiveRate: rate }: Pick<CalibratedEngine, 'thresholds' | 'falsePositiveRate'>,
  span: number,
): Said {
  const found = statisticsOf(distances)
  const statistic = farthest(found, thresholds)
  const worst = distances.reduce((most, one, i) => (one.maximum > distances[most]!.maximum ? i : most), 0)
  const { oddity, token } = distances[worst]!
  const falsePositiveRate = Math.min(1, rate * Math.ceil(distances.length / span))
  const measured = { distance: thousandth(found[statistic]), threshold: thresholds[statistic], falsePositiveRate }
  const facts = {
    statistic,
    positions: distances.length,
    maximum: thousandth(found.maximum),
    tail: thousandth(found.tail),
    mean: thousandth(found.mean),
    worstPosition: worst,
    worstToken: token,
  }
  if (!isAbove(found, thresholds))
    return {
      verdict: 'honest',
      check: 'distance',
      reason: 'as near to the weights as honest answers',
      ...measured,
      facts,
    }
  const reason = statistic === 'maximum' ? ODDITIES[oddity] : REASONS[statistic]
  return { verdict: 'dishonest', check: 'distance', reason, ...measured, facts }
}
