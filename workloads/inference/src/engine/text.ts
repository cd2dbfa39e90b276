/** Text that may leave, and how many tokens have been delivered with it. */
export type Piece = { text: string; completion: number; stopped: boolean }

export type TextOptions = {
  /** Text of tokens, U+FFFD where bytes of a character are missing; `before` are the tokens that precede them. */
  decode(tokens: readonly number[], before: readonly number[]): string
  stop: readonly string[]
  /** The prompt's last tokens. */
  before: readonly number[]
}

const HALF = '\ufffd'
const LOOK_BACK = 4
// A window that never becomes whole holds invalid bytes; past this it is given up as it is.
const MAX_WINDOW = 64

/**
 * Turns tokens into text that is safe to send: half characters wait for their other bytes, and what could still
 * become a stop string waits until it cannot. A token counts once any of its text was delivered; tokens without text
 * count with the next; tokens cut away whole by a stop string never do.
 */
export function startText({ decode, stop, before }: TextOptions) {
  let window: number[] = [] // tokens since the last whole character
  let previous = before.slice(-LOOK_BACK)
  let taken = 0 // of the window's text: already in `held`
  let held = '' // whole characters that are not delivered yet
  let delivered = 0 // length of the text that left
  const starts: number[] = [] // where each token's text begins
  let completion = 0

  function deliver(length: number, stopped: boolean): Piece {
    const text = held.slice(0, length)
    held = held.slice(length)
    delivered += length
    while (completion < starts.length && starts[completion]! < delivered) completion++
    return { text, completion, stopped }
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

  return {
    /** Tokens pushed so far, delivered or not. */
    get pushed(): number {
      return starts.length
    },
    push(token: number): Piece {
      starts.push(delivered + held.length)
      window.push(token)
      take(window.length >= MAX_WINDOW)
      const cut = firstMatch(held, stop)
      return cut < 0 ? deliver(held.length - undecided(held, stop), false) : deliver(cut, true)
    },
    /** Everything that was held back; no stop string can come any more. */
    end(): Piece {
      if (window.length > 0) take(true)
      const cut = firstMatch(held, stop)
      const piece = deliver(cut < 0 ? held.length : cut, cut >= 0)
      if (cut < 0) completion = starts.length
      return { ...piece, completion }
    },
  }
}

export type TextStream = ReturnType<typeof startText>

function firstMatch(text: string, stops: readonly string[]): number {
  let first = -1
  for (const stop of stops) {
    const at = text.indexOf(stop)
    if (at >= 0 && (first < 0 || at < first)) first = at
  }
  return first
}

/** Length of the longest end of `text` that begins one of the stop strings. */
function undecided(text: string, stops: readonly string[]): number {
  let longest = 0
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(stop.slice(0, length))) longest = length
    }
  }
  return longest
}
