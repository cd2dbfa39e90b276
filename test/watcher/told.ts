import {
  askedDrawing,
  type Candidate,
  classOf,
  type Head,
  keepLikeliest,
  leavesOf,
  ownSeed,
  type Position,
  promptDigestOf,
  redrawn,
} from '@heddle/inference/draw'
import type { GenerationSpec } from '@heddle/inference/workload'
import { digestOf, type Job } from '@heddle/protocol'
import type { Script } from '../faults/scripted-worker.ts'

/** What a provider can do before it signs, and signed data then proves. */
export type Cheat = 'redraw' | 'overcount' | 'foreign-seed' | 'malformed'
export const CHEATS: readonly Cheat[] = ['redraw', 'overcount', 'foreign-seed', 'malformed']

const TOP = 4

/** Four tokens with a long tail, other ones at every position. */
const candidatesAt = (position: number): Candidate[] =>
  keepLikeliest(
    Array.from({ length: TOP }, (_, i) => ({ token: 100 + 7 * position + i, logprob: -0.1 - 0.7 * i })),
    TOP,
  )

/** The evidence of a scripted answer of so many tokens, told by an honest provider or by one that cheats. */
function told(job: Job<GenerationSpec>, tokens: number, cheat: Cheat | undefined): Uint8Array[] {
  const { seed: own, topK, ...drawing } = askedDrawing(job.spec as Record<string, unknown>)!
  const positions = cheat === 'overcount' ? tokens - 1 : tokens
  const seed = cheat === 'foreign-seed' ? digestOf('a seed that suits better') : job.seed
  const head: Head = {
    replayable: true,
    ended: false,
    width: 2,
    choice: 0,
    vocabulary: 32_000,
    prompt: 10,
    positions,
    promptDigest: promptDigestOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
    seed: own === undefined ? seed : ownSeed(own),
    class: classOf({ build: '1', hardware: 'x64', quantization: '' }),
    topK,
    ...drawing,
  }
  const drawn = Array.from({ length: positions }, (_, at): Position => {
    const candidates = candidatesAt(at)
    return { candidates, drawn: redrawn(head, { candidates, drawn: 0 }, at) }
  })
  const last = drawn.at(-1)
  if (cheat === 'redraw' && last) drawn[positions - 1] = { ...last, drawn: (last.drawn + 1) % TOP }
  const leaves = leavesOf(head, drawn)
  return cheat === 'malformed' ? leaves.with(-1, leaves.at(-1)!.subarray(0, -1)) : leaves
}

/** A script that delivers so many tokens and keeps evidence of each answer; `cheats` is asked anew for every job. */
export const telling = (tokens: number, cheats: () => Cheat | undefined = () => undefined): Script => ({
  tokens,
  evidence: (job, delivered) => told(job, delivered, cheats()),
})
