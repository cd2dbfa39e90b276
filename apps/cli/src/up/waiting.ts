/** Milliseconds between two lines about what is waited for. */
const LINE = 5_000

/** What is waited for now, told every few seconds until it ends: a start must never be silent for long. */
export type Waiting = { stage(words: string): void; end(): void }

/** `say` gets a line like `  the first answer, 10 s so far`; nothing is said of what takes less. */
export function waiting(say: (line: string) => void): Waiting {
  let words = ''
  let since = Date.now()
  const lines = setInterval(() => {
    if (words !== '') say(`  ${words}, ${Math.round((Date.now() - since) / 1_000)} s so far`)
  }, LINE).unref()
  return {
    stage(next) {
      words = next
      since = Date.now()
    },
    end: () => clearInterval(lines),
  }
}
