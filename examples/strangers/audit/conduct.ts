import type { Digest, Judgement } from '@heddle/protocol'

/** A checked answer, in the order in which its provider charged it. */
export type Judged = Readonly<{
  id: Digest
  sequence: bigint
  verdict: Judgement
  check: string
  reason: string
  /** How often an honest answer is called dishonest, where a measurement spoke. */
  falsePositiveRate?: number
}>

/** The answers of a channel from the first dishonest one to the last. */
export type Stretch = Readonly<{
  first: bigint
  last: bigint
  dishonest: number
  /** Within the stretch: those that could be judged. */
  judged: number
  honestBefore: number
  honestAfter: number
  /** The power of ten that bounds the chance of so many such verdicts about an honest provider, of all that were judged. */
  chance: number
}>

/** Where dishonest answers begin and end; nothing where there are none. */
export function stretchOf(answers: readonly Judged[]): Stretch | undefined {
  const clear = answers
    .filter(({ verdict }) => verdict !== 'inconclusive')
    .toSorted((a, b) => (a.sequence < b.sequence ? -1 : 1))
  const guilty = clear.filter(({ verdict }) => verdict === 'dishonest')
  const [first, last] = [guilty[0]?.sequence, guilty.at(-1)?.sequence]
  if (first === undefined || last === undefined) return undefined
  const rate = Math.max(0, ...guilty.map(one => one.falsePositiveRate ?? 0))
  return {
    first,
    last,
    dishonest: guilty.length,
    judged: clear.filter(({ sequence }) => sequence >= first && sequence <= last).length,
    honestBefore: clear.filter(({ sequence }) => sequence < first).length,
    honestAfter: clear.filter(({ sequence }) => sequence > last).length,
    chance: chanceOf(guilty.length, clear.length, rate),
  }
}

/**
 * A bound, as a power of ten, of the chance that at least `wrong` of `judged` honest answers are called dishonest, each at
 * most at this rate and by itself: the number of ways to choose them times rate^wrong.
 */
export function chanceOf(wrong: number, judged: number, rate: number): number {
  if (wrong === 0) return 0
  let power = wrong * Math.log10(rate)
  for (let i = 0; i < wrong; i++) power += Math.log10((judged - i) / (i + 1))
  return Math.min(0, power)
}
