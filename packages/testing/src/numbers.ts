/** A small pseudo-random generator (xorshift32): numbers of 0 … below − 1, the same for the same seed. */
export function numbersFrom(seed: number): (below: number) => number {
  let state = seed | 0 || 1
  return below => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}
