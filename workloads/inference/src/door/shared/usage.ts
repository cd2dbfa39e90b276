import { HeddleError, type Settlement } from '@heddle/protocol'
import { IMAGE_TOKENS, MESSAGE_TOKENS } from '../../limits.ts'
import { type ChatSpec, imagesOf, textBytes } from '../../spec.ts'

/** What was used, as numbers: counts of tokens are far below 2^53. */
export function usedOf({ used }: Settlement): { prompt: number; cached: number; completion: number } {
  const count = (unit: string): number => Number(used[unit] ?? 0n)
  return { prompt: count('prompt'), cached: count('cached'), completion: count('completion') }
}

/** How an answer ended. Throws `interrupted`: such an answer is never passed off as a whole one. */
export function finishOf({ finish }: Settlement): 'stop' | 'length' {
  if (finish === 'interrupted') throw new HeddleError('interrupted', 'the answer broke off')
  return finish
}

/** Bytes of text that a token stands for, in most languages and most vocabularies. */
const BYTES_A_TOKEN = 4

/** About how long a prompt is, before its engine has read it: what a client may show until it has the count. */
export function aboutTokens(spec: ChatSpec): number {
  const words = textBytes(spec) + (spec.tools ?? []).reduce((sum, tool) => sum + JSON.stringify(tool).length, 0)
  const around = spec.messages.length * (MESSAGE_TOKENS / 4)
  return Math.ceil(words / BYTES_A_TOKEN + around) + (imagesOf(spec).length * IMAGE_TOKENS) / 4
}
