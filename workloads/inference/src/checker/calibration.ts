import { type Digest, digestSchema, HeddleError, upperRate, wilson } from '@heddle/protocol'
import { z } from 'zod'
import { classOf, type EngineClass } from '../draw/index.ts'
import { STATISTICS, type Statistic, type Statistics } from './statistics.ts'

/**
 * What honest answers of one model measure against one reference, by the kind of engine that gave them, and from what
 * on an answer is called dishonest. A file, made by whoever checks: strict, and small enough to read.
 */

const count = z.int().nonnegative()
const number = z.number().nonnegative()
const share = z.number().min(0).max(1)
const words = z.string().max(256)

const distributionSchema = z.strictObject({
  mean: number,
  p50: number,
  p90: number,
  p99: number,
  p999: number,
  maximum: number,
})
export type Distribution = z.infer<typeof distributionSchema>

const each = <T extends z.ZodType>(schema: T) => z.strictObject({ maximum: schema, tail: schema, mean: schema })
const classSchema = z.strictObject({ build: words, hardware: words, quantization: words })

const engineSchema = z.strictObject({
  engine: classSchema,
  /** In which ways the engine ran, and how many answers each gave. */
  conditions: z.array(z.strictObject({ name: words, answers: count })).max(256),
  honest: each(distributionSchema),
  thresholds: each(z.number().positive()),
  /** Thresholds come from the first ones, and are tried on the others. */
  chosenOn: count,
  testedOn: count,
  falsePositives: count,
  /** The upper end of the 95% interval. */
  falsePositiveRate: share,
})
export type CalibratedEngine = Readonly<z.infer<typeof engineSchema>>

const otherSchema = z.strictObject({
  name: words,
  digest: digestSchema,
  answers: count,
  caught: count,
  /** Wilson's 95% interval of the share that is caught. */
  low: share,
  high: share,
  distances: each(distributionSchema),
})
export type CalibratedOther = Readonly<z.infer<typeof otherSchema>>

export const calibrationSchema = z.strictObject({
  version: z.literal('calibration/2'),
  model: z.strictObject({ name: words, digest: digestSchema }),
  /** What the reference ran on: distances hold for this one. */
  reference: classSchema,
  /** How much of an answer was looked at, and how many positions make one span: the false-positive rate is that of one. */
  looking: z.strictObject({
    whole: z.number().gt(0).max(1),
    part: share,
    least: z.int().positive(),
    span: z.int().positive(),
  }),
  /** Fewer positions than this are not judged. */
  shortest: z.int().positive(),
  engines: z.array(engineSchema).min(1).max(256),
  /** Other weights that were claimed to be these. */
  others: z.array(otherSchema).max(256),
})
export type Calibration = Readonly<z.infer<typeof calibrationSchema>>

/** Longest file that is read. */
const MAX_FILE = 1 << 20

/**
 * Reads a calibration's file. Throws `setting_invalid` naming the field that is wrong.
 *
 * @example
 * ```ts
 * // sketch
 * const calibration = readCalibration(readFileSync('calibration.json', 'utf8'))
 * ```
 */
export function readCalibration(text: string): Calibration {
  const wrong = (detail: string): HeddleError => new HeddleError('setting_invalid', `calibration: ${detail}`)
  if (text.length > MAX_FILE) throw wrong('the file is too long')
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw wrong('not JSON')
  }
  const parsed = calibrationSchema.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw wrong(`${issue?.path.join('.')}: ${issue?.message}`)
}

/** A calibration as the text of its file. */
export const writeCalibration = (calibration: Calibration): string =>
  `${JSON.stringify(calibrationSchema.parse(calibration), null, 2)}\n`

/** What was measured of an engine of this class; nothing where it was not, or against another kind of reference. */
export function engineOf(
  calibration: Calibration,
  reference: EngineClass,
  engine: Digest,
): CalibratedEngine | undefined {
  if (classOf(calibration.reference) !== classOf(reference)) return undefined
  return calibration.engines.find(one => classOf(one.engine) === engine)
}

const thousandth = (value: number): number => Math.round(value * 1_000) / 1_000

/** Quantiles of some values; zeros of none. */
export function distributionOf(values: readonly number[]): Distribution {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number): number =>
    thousandth(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0)
  const mean = values.length === 0 ? 0 : thousandth(values.reduce((sum, one) => sum + one, 0) / values.length)
  return { mean, p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), maximum: at(1) }
}

/** The distribution of each statistic. */
export const distributionsOf = (found: readonly Statistics[]): Record<Statistic, Distribution> => {
  const of = (statistic: Statistic) => distributionOf(found.map(one => one[statistic]))
  return { maximum: of('maximum'), tail: of('tail'), mean: of('mean') }
}

export const isAbove = (found: Statistics, thresholds: Statistics): boolean =>
  STATISTICS.some(one => found[one] > thresholds[one])

/** What is told is rounded to a millinat, on both sides of a difference: less than this is never held against anybody. */
const LEAST_THRESHOLD: Statistics = { maximum: 4, tail: 2, mean: 2 }

/** An honest answer; `heldOut` when thresholds are tried on it, and not chosen. */
export type HonestAnswer = Statistics & Readonly<{ heldOut: boolean }>

/**
 * Thresholds are the largest that honest answers measured, times `margin`; those that are held out try them. An answer
 * that is above any of them is dishonest.
 */
export function chooseThresholds(
  found: readonly HonestAnswer[],
  margin: number,
): Pick<CalibratedEngine, 'thresholds' | 'chosenOn' | 'testedOn' | 'falsePositives' | 'falsePositiveRate'> {
  const chosen = found.filter(one => !one.heldOut)
  const tested = found.filter(one => one.heldOut)
  const of = (statistic: Statistic): number =>
    thousandth(Math.max(LEAST_THRESHOLD[statistic], margin * Math.max(0, ...chosen.map(one => one[statistic]))))
  const thresholds = { maximum: of('maximum'), tail: of('tail'), mean: of('mean') }
  const falsePositives = tested.filter(one => isAbove(one, thresholds)).length
  return {
    thresholds,
    chosenOn: chosen.length,
    testedOn: tested.length,
    falsePositives,
    falsePositiveRate: upperRate(falsePositives, tested.length),
  }
}

/** How often other weights are seen for what they are, by these thresholds; those with other tokens always are. */
export function detectionOf(
  { name, digest }: { name: string; digest: Digest },
  found: readonly (Statistics | 'other tokens')[],
  thresholds: Statistics,
): CalibratedOther {
  const measured = found.filter(one => one !== 'other tokens')
  const caught = found.length - measured.filter(one => !isAbove(one, thresholds)).length
  const { low, high } = wilson(caught, found.length)
  return {
    name,
    digest,
    answers: found.length,
    caught,
    low,
    high,
    distances: distributionsOf(measured),
  }
}

/** Whether checks of one answer in twenty find these weights within a hundred answers, in 99 of 100 cases. */
export const isSeparable = ({ low }: Pick<CalibratedOther, 'low'>): boolean => caughtWithin(low, 0.05, 100) >= 0.99

/**
 * How likely at least one of `answers` cheats is found, when `sampled` of them are checked and `rate` of those are seen.
 *
 * @example
 * ```ts
 * // sketch
 * caughtWithin(1, 0.05, 100) // 0.994
 * ```
 */
export const caughtWithin = (rate: number, sampled: number, answers: number): number =>
  1 - (1 - sampled * rate) ** answers
