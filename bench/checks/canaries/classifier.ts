import { createHash } from 'node:crypto'
import type { Features, FeaturesByGroup, Group } from './features.ts'
import { type Random, randomFrom } from './words.ts'

/** A job as a classifier sees it, and whether it is a canary. */
export type Example = { features: FeaturesByGroup; isCanary: boolean }

/** How well a classifier orders canaries above ordinary jobs, with its 95% interval (Hanley and McNeil). */
export type Auc = { value: number; low: number; high: number; canaries: number; ordinary: number }

type Sparse = readonly (readonly [index: number, value: number])[]

const SIZE = 2 ** 18
const EPOCHS = 12
const RATE = 0.15
const DECAY = 1e-4
const BINS = 8

const places = new Map<string, number>()
/** The place of a named feature: names share places only by chance. */
function placeOf(name: string): number {
  const known = places.get(name)
  if (known !== undefined) return known
  const place = createHash('md5').update(name).digest().readUInt32LE(0) % SIZE
  places.set(name, place)
  return place
}

type Scale = { mean: number; deviation: number; edges: readonly number[] }

/** How numbers lie in the examples that are learnt from: each is told as it is, and as the bin that it falls into. */
function scalesOf(features: readonly Features[]): ReadonlyMap<string, Scale> {
  const names = new Set(features.flatMap(({ numbers }) => Object.keys(numbers)))
  return new Map(
    [...names].map(name => {
      const values = features.map(({ numbers }) => numbers[name] ?? 0).sort((a, b) => a - b)
      const mean = values.reduce((sum, one) => sum + one, 0) / values.length
      const square = values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / values.length
      const at = (share: number): number => values[Math.floor(share * (values.length - 1))]!
      const edges = Array.from({ length: BINS - 1 }, (_, i) => at((i + 1) / BINS))
      return [name, { mean, deviation: Math.sqrt(square) || 1, edges }]
    }),
  )
}

function sparse(group: Group, { numbers, words }: Features, scales: ReadonlyMap<string, Scale>): Sparse {
  const told = Object.entries(numbers).flatMap(([name, value]) => {
    const scale = scales.get(name)
    if (!scale) return []
    const { mean, deviation, edges } = scale
    const bin = edges.filter(edge => value > edge).length
    return [
      [placeOf(`${group} ${name}`), Math.max(-3, Math.min(3, (value - mean) / deviation)) / 3] as const,
      [placeOf(`${group} ${name} ${bin}`), 1] as const,
    ]
  })
  return [...told, ...[...words].map(([word, value]) => [placeOf(`${group} ${word}`), value] as const)]
}

/** Logistic regression by stochastic gradients (AdaGrad), both classes weighing the same. Gives the score of an example. */
function learn(examples: readonly { told: Sparse; isCanary: boolean }[], random: Random): (told: Sparse) => number {
  const weights = new Float64Array(SIZE)
  const squares = new Float64Array(SIZE).fill(1e-3)
  let bias = 0
  const canaries = examples.filter(({ isCanary }) => isCanary).length
  const weighs = (isCanary: boolean): number =>
    examples.length / (2 * Math.max(1, isCanary ? canaries : examples.length - canaries))
  const score = (told: Sparse): number => told.reduce((sum, [index, value]) => sum + weights[index]! * value, bias)
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    for (const { told, isCanary } of shuffled(examples, random)) {
      const slope = weighs(isCanary) * (1 / (1 + Math.exp(-score(told))) - (isCanary ? 1 : 0))
      bias -= 0.01 * slope
      for (const [index, value] of told) {
        const gradient = slope * value + DECAY * weights[index]!
        squares[index]! += gradient * gradient
        weights[index]! -= (RATE * gradient) / Math.sqrt(squares[index]!)
      }
    }
  }
  return score
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  const copy = [...list]
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    ;[copy[i], copy[j]] = [copy[j]!, copy[i]!]
  }
  return copy
}

/** The share of pairs, one of each kind, in which the canary has the higher score; equal ones count half. */
export function aucOf(scored: readonly { score: number; isCanary: boolean }[]): Auc {
  const sorted = scored.toSorted((a, b) => a.score - b.score)
  let [ranks, canaries] = [0, 0]
  for (let i = 0; i < sorted.length; ) {
    let j = i
    while (j < sorted.length && sorted[j]!.score === sorted[i]!.score) j++
    const among = sorted.slice(i, j).filter(({ isCanary }) => isCanary).length
    ranks += (among * (i + 1 + j)) / 2
    canaries += among
    i = j
  }
  const ordinary = sorted.length - canaries
  const value = (ranks - (canaries * (canaries + 1)) / 2) / (canaries * ordinary)
  return { value, ...intervalOf(value, canaries, ordinary), canaries, ordinary }
}

function intervalOf(value: number, canaries: number, ordinary: number): { low: number; high: number } {
  const spread = 1.96 * Math.sqrt(varianceOf(value, canaries, ordinary))
  return { low: Math.max(0, value - spread), high: Math.min(1, value + spread) }
}

/** Hanley and McNeil, Radiology 143 (1982). */
function varianceOf(value: number, canaries: number, ordinary: number): number {
  const [one, two] = [value / (2 - value), (2 * value * value) / (1 + value)]
  const square = value * value
  return (
    (value * (1 - value) + (canaries - 1) * (one - square) + (ordinary - 1) * (two - square)) / (canaries * ordinary)
  )
}

/**
 * How well what a provider sees tells canaries from the rest: for each provider the first half of its time is learnt from
 * and the second told apart, and the reverse. Halves of the time, not a lottery: parts of one conversation, or of one
 * burst, would lie in both. Providers and halves count by their canaries.
 */
export function tellApart(providers: readonly (readonly Example[])[], groups: readonly Group[], seed = 1): Auc {
  const random = randomFrom(seed)
  const parts = providers.flatMap(examples => {
    const halves = [examples.slice(0, examples.length >> 1), examples.slice(examples.length >> 1)]
    return halves.flatMap((learnt, i) => {
      const judged = halves[1 - i]!
      const isMixed = (half: readonly Example[]) => new Set(half.map(({ isCanary }) => isCanary)).size === 2
      return isMixed(learnt) && isMixed(judged) ? [judge(learnt, judged, groups, random)] : []
    })
  })
  const total = parts.reduce((sum, { canaries }) => sum + canaries, 0)
  const value = parts.reduce((sum, part) => sum + (part.value * part.canaries) / total, 0)
  const weighed = (variance: (part: Auc) => number): number =>
    parts.reduce((sum, part) => sum + (part.canaries / total) ** 2 * variance(part), 0)
  // Canaries of one run are alike, so that parts differ by more than so many single ones would.
  const spread =
    1.96 *
    Math.sqrt(
      Math.max(
        weighed(part => varianceOf(part.value, part.canaries, part.ordinary)),
        weighed(part => (part.value - value) ** 2) * (parts.length / Math.max(1, parts.length - 1)),
      ),
    )
  const ordinary = parts.reduce((sum, part) => sum + part.ordinary, 0)
  return { value, low: Math.max(0, value - spread), high: Math.min(1, value + spread), canaries: total, ordinary }
}

function judge(learnt: readonly Example[], judged: readonly Example[], groups: readonly Group[], random: Random): Auc {
  const scales = new Map(groups.map(group => [group, scalesOf(learnt.map(({ features }) => features[group]))]))
  const tell = ({ features }: Example): Sparse =>
    groups.flatMap(group => sparse(group, features[group], scales.get(group)!))
  const score = learn(
    learnt.map(one => ({ told: tell(one), isCanary: one.isCanary })),
    random,
  )
  return aucOf(judged.map(one => ({ score: score(tell(one)), isCanary: one.isCanary })))
}
