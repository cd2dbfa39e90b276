/** Text that may leave, and how many tokens have been delivered with it. `met` is the mark that comes next. */
export type Scan = { text: string; completion: number; met?: string }

export type TextOptions = {
  /** Text of tokens, U+FFFD where bytes of a character are missing; `before` are the tokens that precede them. */
  decode(tokens: readonly number[], before: readonly number[]): string
  /** The prompt's last tokens. */
  before: readonly number[]
}

const HALF = '\ufffd'
const LOOK_BACK = 4
// A window that never becomes whole holds invalid bytes; past this it is given up as it is.
const MAX_WINDOW = 64

/**
 * Turns tokens into text that is safe to send: half characters wait for their other bytes, and what could still
 * become one of the marks (a stop string, the beginning of a tool call) waits until it cannot. A token counts once any
 * of its text was delivered; tokens without text count with the next; tokens that lie wholly in a mark count only when
 * the text goes on after it.
 */
export function startText({ decode, before }: TextOptions) {
  let window: number[] = [] // tokens since the last whole character
  let previous = before.slice(-LOOK_BACK)
  let taken = 0 // of the window's text: already in `held`
  let held = '' // whole characters that are not delivered yet
  let delivered = 0 // length of the text that left
  let met: string | undefined // the mark that `held` begins with
  const starts: number[] = [] // where each token's text begins
  let completion = 0

  function deliver(length: number): Scan {
    const text = held.slice(0, length)
    held = held.slice(length)
    delivered += length
    while (completion < starts.length && starts[completion]! < delivered) completion++
    return { text, completion, ...(met !== undefined && { met }) }
  }

  function take(all: boolean): void {
    const text = decode(window, previous)
    const whole = all || !text.endsWith(HALF)
    const end = whole ? text.length : text.length - 1
    if (end > taken) held += text.slice(taken, end)
    taken = Math.max(taken, end)
    if (!whole) return
    previous = [...previous, ...window].slice(-LOOK_BACK)
    window = []
    taken = 0
  }

  function scan(marks: readonly string[], last: boolean): Scan {
    const found = firstMatch(held, marks)
    met = found?.mark
    return deliver(found ? found.at : held.length - (last ? 0 : undecided(held, marks)))
  }

  return {
    /** Tokens pushed so far, delivered or not. */
    get pushed(): number {
      return starts.length
    },
    push(token: number, marks: readonly string[]): Scan {
      starts.push(delivered + held.length)
      window.push(token)
      take(window.length >= MAX_WINDOW)
      return scan(marks, false)
    },
    /** The text that is known after the mark that was met. */
    after: (): string => held.slice((met ?? '').length),
    /** Goes on after the mark that was met. */
    skip(marks: readonly string[]): Scan {
      const { length } = met ?? ''
      held = held.slice(length)
      delivered += length
      return scan(marks, false)
    },
    /** Everything that was held back; no mark can come any more. All tokens count, unless a mark was met. */
    end(marks: readonly string[]): Scan {
      if (window.length > 0) take(true)
      const piece = scan(marks, true)
      if (piece.met === undefined) completion = starts.length
      return { ...piece, completion }
    },
  }
}

export type TextStream = ReturnType<typeof startText>

function firstMatch(text: string, marks: readonly string[]): { at: number; mark: string } | undefined {
  let first: { at: number; mark: string } | undefined
  for (const mark of marks) {
    const at = text.indexOf(mark)
    if (at >= 0 && (!first || at < first.at)) first = { at, mark }
  }
  return first
}

/** Length of the longest end of `text` that begins one of the marks. */
function undecided(text: string, marks: readonly string[]): number {
  let longest = 0
  for (const mark of marks) {
    for (let length = Math.min(mark.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(mark.slice(0, length))) longest = length
    }
  }
  return longest
}
