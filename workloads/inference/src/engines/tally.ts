import type { Usage } from '@heddle/protocol'
import { type Bounds, believable, type Claim, isBelow, usageOf } from '../guard/answer.ts'
import { CHUNK_TOKENS } from '../limits.ts'
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
  /** All tokens that were asked for are counted. */
  spent(): boolean
  /** The engine has said how long the prompt was. */
  prompted(): boolean
  /** How long the prompt was, where the engine did not say. */
  prompt(tokens: number): void
  /** Bytes of output were taken. */
  wrote(bytes: number): void
}

/** What an engine may send after the last token: text that it held back leaves in a message of its own. */
const SLACK = 16

/** `onLie` hears, once, that the engine claims what cannot be. */
export function startTally(bounds: Bounds, onLie: () => void): Tally {
  const most = bounds.completion
  const claim: Claim = { prompt: 0, cached: 0, completion: 0 }
  let permitted = CHUNK_TOKENS
  let counted = 0
  let bytes = 0
  let lied = false

  const completion = (): number => Math.min(claim.completion, most, bytes + CHUNK_TOKENS)
  function check(): void {
    if (lied || !isBelow(believable(bounds, claim, bytes), claim)) return
    lied = true
    onLie()
  }
  return {
    add({ tokens, completion: own, prompt, cached }) {
      counted += tokens
      // What is counted here, message by message, is no claim: text that was held back may make it one too many.
      claim.completion = own ?? Math.min(claim.completion + tokens, most)
      if (prompt !== undefined) claim.prompt = prompt
      if (cached !== undefined) claim.cached = cached
      if (own !== undefined || prompt !== undefined) check()
    },
    full: () => completion() >= permitted && completion() < most,
    ahead: () => completion() > permitted,
    used() {
      const all = believable(bounds, claim, bytes)
      return usageOf(all.completion > permitted ? { ...all, completion: permitted } : all)
    },
    permit() {
      permitted = Math.min(completion(), permitted) + CHUNK_TOKENS
    },
    spent: () => completion() >= most,
    prompted: () => claim.prompt > 0,
    prompt(tokens) {
      claim.prompt = Math.min(tokens, bounds.prompt)
    },
    overrun: () => counted >= most + SLACK,
    wrote(count) {
      bytes += count
    },
  }
}
