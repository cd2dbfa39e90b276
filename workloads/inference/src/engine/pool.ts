import type { LlamaContext, LlamaContextSequence, Token } from 'node-llama-cpp'

export type Pool = {
  /** A sequence to work on; with a tag, one that still knows what jobs with this tag began with, where there is one. */
  acquire(tag?: string): Promise<LlamaContextSequence>
  /** Gives it back; with a tag, with what it knows. */
  release(sequence: LlamaContextSequence, tag?: string): Promise<void>
  /** Gives the context's memory back at once, unless somebody works in it. */
  rest(): Promise<void>
  /** Waits while a sequence is being changed: before every step of a job, so that none has to wait for another's end. */
  turn(): Promise<void> | undefined
  /** Changes a sequence between two steps of the others. */
  between<T>(change: () => Promise<T>): Promise<T>
}

/**
 * Sequences of a context that is made for the first job, and given back `idleMs` after the last. Without a tag a
 * sequence forgets its conversation: nothing of one job is ever within reach of another. What is kept for a tag lies
 * in sequences that nobody needs: a job takes a forgetful one first, then the one that was kept longest ago.
 *
 * llama.cpp's library keeps the context locked for as long as any job has a step ready when another's ends: on a slow
 * machine a sequence would be given back only when every other job has come to a stop. So jobs let changes go first.
 */
export function startPool(idleMs: number, sequences: number, create: () => Promise<LlamaContext>): Pool {
  let context: Promise<LlamaContext> | undefined
  let free: { sequence: LlamaContextSequence; tag: string | undefined }[] = []
  let made = 0
  let busy = 0
  let idle: NodeJS.Timeout | undefined
  let changes = 0
  let changed = Promise.withResolvers<void>()

  async function between<T>(change: () => Promise<T>): Promise<T> {
    if (changes++ === 0) changed = Promise.withResolvers()
    try {
      return await change()
    } finally {
      if (--changes === 0) changed.resolve()
    }
  }

  async function dispose(): Promise<void> {
    const old = context
    context = undefined
    free = []
    made = 0
    await (await old)?.dispose()
  }

  async function pick(ready: LlamaContext, tag: string | undefined): Promise<LlamaContextSequence> {
    const same = tag === undefined ? -1 : free.findLastIndex(one => one.tag === tag)
    const blank = free.findIndex(one => one.tag === undefined)
    const at = same >= 0 ? same : blank
    if (at < 0 && made < sequences) {
      made++
      return ready.getSequence()
    }
    const [taken] = free.splice(Math.max(0, at), 1)
    if (!taken) throw new Error('more jobs than sequences')
    if (taken.tag !== tag) await between(() => taken.sequence.clearHistory())
    return taken.sequence
  }

  return {
    async acquire(tag) {
      clearTimeout(idle)
      busy++
      try {
        context ??= create()
        return await pick(await context, tag)
      } catch (error) {
        busy--
        if (busy === 0) void dispose().catch(() => undefined)
        throw error
      }
    },
    async release(sequence, tag) {
      if (tag === undefined) await between(() => sequence.clearHistory())
      free.push({ sequence, tag })
      busy--
      if (busy === 0) idle = setTimeout(() => void dispose(), idleMs)
    },
    async rest() {
      if (busy > 0) return
      clearTimeout(idle)
      await dispose()
    },
    turn: () => (changes > 0 ? changed.promise : undefined),
    between,
  }
}

/**
 * Makes a sequence know no more than the beginning of these tokens, all but the last at most; gives how many it knows.
 * Models that cannot go back to any place are set back further.
 */
export async function keepBeginning(
  pool: Pick<Pool, 'between'>,
  sequence: LlamaContextSequence,
  tokens: readonly Token[],
): Promise<number> {
  const known = sequence.contextTokens
  const most = Math.min(known.length, tokens.length - 1)
  let same = 0
  while (same < most && known[same] === tokens[same]) same++
  if (same < sequence.nextTokenIndex)
    await pool.between(() => sequence.eraseContextTokenRanges([{ start: same, end: sequence.nextTokenIndex }]))
  return Math.min(same, sequence.nextTokenIndex)
}
