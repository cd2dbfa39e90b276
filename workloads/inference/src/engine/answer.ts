import type { Piece } from '../output.ts'
import type { CallReader } from './calls.ts'
import type { Scan, TextStream } from './text.ts'

/** What a part of an answer is. */
export type Mode = 'text' | 'reasoning' | 'call'

export type AnswerOptions = {
  text: TextStream
  /** Texts that end the answer and are not part of it: the job's, and those of the model's template. */
  stop: readonly string[]
  ends: readonly string[]
  /** What opens and closes reasoning; without `open` it is only ever open at the beginning. */
  reasoning?: { open?: string; close: string }
  calls?: { mark: string; reader: CallReader }
  /** How the answer begins; the name of a call that the prompt ends with. */
  opens: Mode
  name?: string
}

/** What one token brought. `completion` counts the answer's tokens up to what is in `pieces`. */
export type Step = { pieces: Piece[]; completion: number; finish?: 'stop' | 'tool_calls'; stopped?: string }

/**
 * Tells text, reasoning and tool calls of one answer apart, and ends it at a stop string or after its calls. What
 * might be the beginning of a call never leaves as text.
 */
export function startAnswer({ text, stop, ends, reasoning, calls, opens, name }: AnswerOptions) {
  let mode = opens
  let grammar = opens === 'call' ? calls?.reader.grammar('', name) : undefined
  let atStart = false // of what follows reasoning: line feeds there belong to the template
  let reasoned = 0 // tokens of closed reasoning
  let opened = 0 // tokens before the open one
  let begun: Piece[] = name !== undefined && calls ? calls.reader.named(name) : []

  function marks(): readonly string[] {
    if (mode === 'call') return []
    if (mode === 'reasoning') return reasoning ? [reasoning.close, ...ends] : ends
    const structural = [reasoning?.open, calls?.mark].filter(mark => mark !== undefined)
    return [...stop, ...ends, ...structural]
  }

  /** Pieces of one scan, and what its mark means. */
  function read(scan: Scan): Step {
    const pieces = begun
    begun = []
    let { completion, text: more } = scan
    for (let { met } = scan; ; ) {
      if (mode === 'call') {
        const { pieces: read, done } = calls!.reader.take(more)
        pieces.push(...read)
        return { pieces, completion, ...(done && { finish: 'tool_calls' }) }
      }
      if (mode === 'text' && atStart) {
        more = more.replace(/^\s+/, '')
        atStart = more === ''
      }
      if (more !== '') pieces.push(mode === 'text' ? { text: more } : { reasoning: more })
      if (met === undefined) return { pieces, completion }
      const next = cross(met, completion)
      if (!next) return { pieces, completion, finish: 'stop', ...(stop.includes(met) && { stopped: met }) }
      ;({ text: more, completion, met } = next)
    }
  }

  /** Goes on after a mark; undefined where it ends the answer. */
  function cross(met: string, completion: number): (Scan & { met: string | undefined }) | undefined {
    if (mode === 'reasoning' && met === reasoning?.close) {
      reasoned += completion - opened
      mode = 'text'
      atStart = true
    } else if (mode === 'text' && met === reasoning?.open) {
      mode = 'reasoning'
      opened = completion
    } else if (mode === 'text' && met === calls?.mark) {
      grammar = calls.reader.grammar(text.after())
      // No tool is called so: it was only text.
      if (grammar === undefined) {
        const { met: next, ...scan } = text.skip(marks())
        return { ...scan, text: met + scan.text, met: next }
      }
      mode = 'call'
    } else return undefined
    return { met: undefined, ...text.skip(marks()) }
  }

  return {
    get mode(): Mode {
      return mode
    },
    /** The grammar of the calls that have begun. */
    get grammar(): string | undefined {
      return grammar
    },
    /** Completion tokens that were reasoning. */
    get reasoningTokens(): number {
      return reasoned + (mode === 'reasoning' ? text.pushed - opened : 0)
    },
    push: (token: number): Step => read(text.push(token, marks())),
    /** Everything that was held back. */
    end(): Step {
      const step = read(text.end(marks()))
      if (step.finish) return step
      return { ...step, ...(mode === 'call' && calls?.reader.whole && { finish: 'tool_calls' }) }
    },
  }
}

export type Answer = ReturnType<typeof startAnswer>
