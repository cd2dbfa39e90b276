import type { Piece } from '../output.ts'
import type { Counts, FromEngine } from './messages.ts'

// Text that comes faster than this is sent together: a message per token would cost a small model more than the token.
const GATHER_MS = 8

export type Outbox = ReturnType<typeof startOutbox>

/** The first piece leaves at once; what follows within a few milliseconds leaves together. */
export function startOutbox(job: number, prompt: Omit<Counts, 'completion'>, send: (message: FromEngine) => void) {
  let pieces: Piece[] = []
  let counts: Counts = { ...prompt, completion: 0 }
  let sentAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    if (pieces.length === 0) return
    send({ type: 'pieces', job, pieces, ...counts })
    pieces = []
    sentAt = performance.now()
  }
  return {
    get completion(): number {
      return counts.completion
    },
    /** Never counts down. */
    add(more: readonly Piece[], used: Partial<Counts>): void {
      for (const piece of more) {
        const joined = join(pieces.at(-1), piece)
        if (joined) pieces[pieces.length - 1] = joined
        else pieces.push(piece)
      }
      counts = { ...counts, ...used, completion: Math.max(counts.completion, used.completion ?? 0) }
      if (pieces.length === 0) return
      if (performance.now() - sentAt >= GATHER_MS) flush()
      else timer ??= setTimeout(flush, GATHER_MS)
    },
    pause(finish?: 'stop' | 'length', evidence?: readonly Uint8Array[]): void {
      flush()
      const leaves = evidence?.map(leaf => Buffer.from(leaf).toString('base64'))
      send({ type: 'pause', job, ...counts, ...(finish && { finish }), ...(leaves && { evidence: leaves }) })
    },
    /** Says that a part of the prompt was read: who waits for a first token sees that somebody works for it. */
    work: () => send({ type: 'working', job }),
    stop: () => clearTimeout(timer),
  }
}

/** Two pieces of the same text, reasoning or call as one; undefined where they have to stay apart. */
function join(before: Piece | undefined, piece: Piece): Piece | undefined {
  if (!before || before.choice !== piece.choice || before.finish || piece.finish) return undefined
  const kinds = (one: Piece) =>
    Object.keys(one)
      .filter(key => key !== 'choice')
      .join()
  if (kinds(before) !== kinds(piece)) return undefined
  if (kinds(piece) === 'text') return { ...before, text: `${before.text}${piece.text}` }
  if (kinds(piece) === 'reasoning') return { ...before, reasoning: `${before.reasoning}${piece.reasoning}` }
  const { toolCall: first } = before
  const { toolCall: second } = piece
  if (kinds(piece) !== 'toolCall' || first?.index !== second?.index || second?.id !== undefined) return undefined
  return { ...before, toolCall: { ...first!, arguments: `${first!.arguments ?? ''}${second!.arguments ?? ''}` } }
}
