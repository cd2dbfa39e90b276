import { HeddleError, type Settlement } from '@heddle/protocol'

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
