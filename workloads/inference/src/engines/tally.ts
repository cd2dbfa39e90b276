import type { Usage } from '@heddle/protocol'
import { believable, type Claim, mostCompletion } from '../guard/answer.ts'
import { CHUNK_TOKENS } from '../limits.ts'
import type { GenerationSpec } from '../spec.ts'
import type { InferenceUnit } from '../workload.ts'
import type { EngineEvent } from './event.ts'

/** Counts one answer: what the engine claims, what of it is believed, and how much of that is permitted so far. */
export type Tally = {
  /** Takes over what a message counts, or counts it. */
  add(event: EngineEvent): void
  /** Believed tokens that a chunk may not count yet stand behind what was taken. */
  full(): boolean
  /** The same, and at least one more than permitted. */
  ahead(): boolean
  /** The usage to state: believed and permitted. */
  used(): Usage<InferenceUnit>
  /** One more chunk may be counted. */
  permit(): void
  /** The engine goes on well after all that was asked for. */
  overrun(): boolean
  /** Bytes of output were taken. */
  wrote(bytes: number): void
}

/** What an engine may send after the last token: text that it held back leaves in a message of its own. */
const SLACK = 16

export function startTally(spec: GenerationSpec, context: number, onLie: () => void): Tally {
  const most = mostCompletion(spec, context)
  const claim: Claim = { prompt: 0, cached: 0, completion: 0 }
  let permitted = CHUNK_TOKENS
  let counted = 0
  let bytes = 0
  const believed = () => {
    const claimed = { ...claim, completion: stated ? claim.completion : Math.min(claim.completion, most) }
    const { used, lied } = believable(spec, context, claimed, bytes)
    if (lied) onLie()
    return used
  }
  /** Whether the count is the engine's own. */
  let stated = false
  const completion = (): number => Number(believed().completion)
  return {
    add({ tokens, completion: own, prompt, cached }) {
      counted += tokens
      stated = own !== undefined
      claim.completion = own ?? claim.completion + tokens
      claim.prompt = prompt ?? claim.prompt
      claim.cached = cached ?? claim.cached
    },
    full: () => completion() >= permitted && completion() < most,
    ahead: () => completion() > permitted,
    used() {
      const used = believed()
      return used.completion > BigInt(permitted) ? { ...used, completion: BigInt(permitted) } : used
    },
    permit() {
      permitted = Math.min(completion(), permitted) + CHUNK_TOKENS
    },
    overrun: () => counted >= most + SLACK,
    wrote(count) {
      bytes += count
    },
  }
}
