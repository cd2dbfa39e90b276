import { type Candidate, LEAST_LOGPROB } from '../draw/drawing.ts'
import type { Piece, TokenLogprob } from '../output.ts'
import type { Mode, Step } from './answer.ts'
import type { Drawn } from './sampler.ts'

type Entry = TokenLogprob & { top: TokenLogprob[] }

/** Keeps what is known of each token of the text until its text leaves. Of reasoning and calls nothing is told. */
export function startLogprobs(name: (token: number) => string) {
  const entries: { at: number; entry: Entry }[] = []
  const told = ({ token, logprob }: Candidate): TokenLogprob => {
    const text = name(token)
    // Half a character has no text of its own, and its bytes are not told by the engine.
    const bytes = text.includes('\ufffd') ? null : [...Buffer.from(text)]
    return { token: text, bytes, logprob: logprob / 1e3 }
  }
  return {
    /** `at`: tokens of the answer before this one. */
    push({ token, logprob = 0, top = [] }: Drawn, at: number, mode: Mode): void {
      if (mode === 'text')
        entries.push({
          at,
          entry: { ...told({ token, logprob }), top: top.filter(({ logprob }) => logprob > LEAST_LOGPROB).map(told) },
        })
    },
    /** The step's pieces, with the tokens that count by now. */
    attach({ pieces, completion }: Step): Piece[] {
      const ready = entries.findIndex(({ at }) => at >= completion)
      const logprobs = entries.splice(0, ready < 0 ? entries.length : ready).map(({ entry }) => entry)
      if (logprobs.length === 0) return pieces
      const at = pieces.findLastIndex(piece => piece.text !== undefined)
      return at < 0 ? [...pieces, { text: '', logprobs }] : pieces.with(at, { ...pieces[at]!, logprobs })
    },
  }
}
