import { byteLength } from '../limits.ts'
import type { Piece } from '../output.ts'
import type { EngineEvent } from './event.ts'

/** Ends the choices of an answer at the tokens that were asked for, also where their engine goes on. */
export type Cut = {
  /** What of a message stands before the end: a choice that goes on after it ends there, with `length`. */
  take(event: EngineEvent): EngineEvent
  /** Whether anything was cut. */
  readonly any: boolean
}

/** No token is longer, in bytes: a message that is stands for several. */
const LONGEST_TOKEN = 128
/** Messages without a token of their own, such as the head of a call, where nobody but this counts. */
const SLACK = 16

type Choice = { counted: number; cut: boolean }

/**
 * Counts as the engine does where it says its count with every message, else a token a message, or one for each
 * log-probability. So an engine that keeps to `most` is never cut.
 *
 * @example
 * ```ts
 * // sketch
 * const cut = startCut({ most: 1, choices: 1 })
 * cut.take({ pieces: [{ text: 'a' }], tokens: 1 }).pieces // [{ text: 'a' }]
 * cut.take({ pieces: [{ text: 'b' }], tokens: 1 }).pieces // [{ finish: 'length' }]
 * ```
 */
export function startCut({ most, choices: count }: { most: number; choices: number }): Cut {
  const choices = Array.from({ length: count }, (): Choice => ({ counted: 0, cut: false }))
  let any = false

  /** The tokens of a choice up to the end of this message. */
  function countAfter({ counted }: Choice, event: EngineEvent, pieces: readonly Piece[]): number {
    if (count === 1 && event.completion !== undefined) return event.completion
    const likely = pieces.reduce((sum, { logprobs }) => sum + (logprobs?.length ?? 0), 0)
    const bytes = pieces.reduce((sum, { text = '', reasoning = '' }) => sum + byteLength(text + reasoning), 0)
    const says = pieces.some(piece => !isEnd(piece))
    return counted + Math.max(likely, says ? 1 : 0, Math.ceil(bytes / LONGEST_TOKEN))
  }
  /** What is left of a choice's pieces. */
  function keep(choice: Choice, event: EngineEvent, pieces: readonly Piece[]): readonly Piece[] {
    if (choice.cut) return []
    const before = choice.counted
    choice.counted = countAfter(choice, event, pieces)
    if (choice.counted <= most) return pieces
    const callsUpTo = event.completion === undefined ? most + SLACK : most
    const left = pieces.map(piece => {
      if (isEnd(piece)) return piece
      if (piece.toolCall) return before < callsUpTo ? piece : undefined
      return shortened(piece, most - before)
    })
    if (left.every((piece, i) => piece === pieces[i])) return pieces
    choice.cut = true
    any = true
    const [{ choice: index } = {}] = pieces
    const kept = left.filter(piece => piece !== undefined && !isEnd(piece)) as Piece[]
    return [...kept, { ...(index ? { choice: index } : {}), finish: 'length' }]
  }
  /** Nearly every message of nearly every answer: a token, and more of them were asked for. */
  function isUsual({ completion, tokens }: EngineEvent): boolean {
    const [only] = choices
    if (count > 1 || only!.cut || (completion === undefined && tokens > 1)) return false
    const counted = completion ?? only!.counted + tokens
    if (counted > most) return false
    only!.counted = counted
    return true
  }
  return {
    take(event) {
      if (event.pieces.length === 0 || isUsual(event)) return event
      if (count === 1) return taken(event, keep(choices[0]!, event, event.pieces))
      const all = choices.map((choice, index) => {
        const own = event.pieces.filter(piece => (piece.choice ?? 0) === index)
        return own.length === 0 ? own : keep(choice, event, own)
      })
      return taken(event, all.flat())
    },
    get any() {
      return any
    },
  }
}

const isEnd = (piece: Piece): boolean => piece.finish !== undefined

/** An event with these pieces; where nothing of it is left to say, it stands for no token. */
const taken = (event: EngineEvent, pieces: readonly Piece[]): EngineEvent => ({
  ...event,
  pieces,
  tokens: pieces.every(isEnd) ? 0 : event.tokens,
})

/** What of a piece so many tokens can be: all of it, a beginning, or nothing. */
function shortened(piece: Piece, tokens: number): Piece | undefined {
  if (tokens <= 0) return undefined
  const { text, reasoning, logprobs } = piece
  if (logprobs && logprobs.length > tokens) {
    const left = logprobs.slice(0, tokens)
    const words = left.map(({ token }) => token).join('')
    return { ...piece, logprobs: left, ...(text?.startsWith(words) ? { text: words } : {}) }
  }
  const most = tokens * LONGEST_TOKEN
  if (byteLength(text ?? reasoning ?? '') <= most) return piece
  return text !== undefined
    ? { ...piece, text: beginning(text, most) }
    : { ...piece, reasoning: beginning(reasoning!, most) }
}

/** The beginning of a text, of whole characters. */
const beginning = (text: string, bytes: number): string =>
  new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, bytes), { stream: true })
