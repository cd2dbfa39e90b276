import { leafRoom, POSITIONS_PER_LEAF, type Position, type Shape, writePosition, writePrefix } from './positions.ts'

/**
 * Writes the leaves of positions while an answer is made: `add` gives a leaf as soon as its 32 positions are there,
 * `end` the last one. The head is written when the answer has ended (`encodeHead`), for it says how long it became.
 *
 * @example
 * ```ts
 * import { startEvidence } from '@heddle/inference/draw'
 * const evidence = startEvidence({ width: 2, topK: 20, vocabulary: 100 })
 * evidence.add({ candidates: [{ token: 4, logprob: -600 }], drawn: 0 }) // undefined
 * evidence.end()?.length // 12
 * evidence.positions() // 1
 * ```
 */
export function startEvidence(shape: Shape): {
  /** Throws `evidence_malformed` for a position that no reader would take; it is not added then. */
  add(position: Position): Uint8Array | undefined
  end(): Uint8Array | undefined
  positions(): number
} {
  const buffer = new Uint8Array(leafRoom(shape))
  let at = writePrefix(buffer, 0, 0)
  let [count, before] = [0, 0]
  const finish = (): Uint8Array => {
    const start = writePrefix(buffer, before, count)
    const leaf = buffer.slice(0, at)
    before += count
    count = 0
    at = start
    return leaf
  }
  return {
    add(position) {
      at = writePosition(buffer, at, shape, position)
      count += 1
      return count === POSITIONS_PER_LEAF ? finish() : undefined
    },
    end: () => (count > 0 ? finish() : undefined),
    positions: () => before + count,
  }
}
