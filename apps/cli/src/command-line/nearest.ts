/** Letters alone: `buyFrom`, `buy_from` and `--buy-from` are the same word. */
const letters = (word: string): string => word.toLowerCase().replace(/[^a-z0-9]/g, '')

/** How many letters have to be changed, added, left out or swapped with their neighbour to make one word of the other. */
function distance(one: string, other: string): number {
  const rows = Array.from({ length: one.length + 1 }, (_, i) => [i, ...Array<number>(other.length).fill(0)])
  for (let j = 1; j <= other.length; j++) rows[0]![j] = j
  for (let i = 1; i <= one.length; i++) {
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      rows[i]![j] = Math.min(
        rows[i - 1]![j]! + 1,
        rows[i]![j - 1]! + 1,
        rows[i - 1]![j - 1]! + same,
        swapped ? rows[i - 2]![j - 2]! + 1 : Number.POSITIVE_INFINITY,
      )
    }
  }
  return rows[one.length]![other.length]!
}

/**
 * The word of a few that was probably meant; none where nothing is like it: a wrong guess is worse than no guess.
 *
 * @example nearest('expire', ['cap', 'expires']) // 'expires'
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const said = letters(word).slice(0, 40)
  if (said === '') return undefined
  const ranked = known
    .map(one => ({ one, far: distance(said, letters(one)) }))
    .sort((left, right) => left.far - right.far)
  const [best] = ranked
  return best && best.far <= Math.max(1, Math.floor(said.length / 3)) ? best.one : undefined
}

/** The same in words, to be put after a complaint. */
export function guess(word: string, known: readonly string[], mark = ''): string {
  const meant = nearest(word, known)
  return meant === undefined ? '' : `; did you mean ${mark}${meant}?`
}
