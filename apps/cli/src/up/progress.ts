const MIB = 1024 * 1024

/** Draws a download's progress on one line of the terminal; on a pipe, a line every ten percent. */
export function progressBar(
  out: NodeJS.WriteStream,
): (progress: { bytes: number; total: number | undefined; rate: number }) => void {
  let lastShown = -1
  return ({ bytes, total, rate }) => {
    const share = total ? bytes / total : 0
    const percent = Math.floor(share * 100)
    const text = `model ${(bytes / MIB).toFixed(0)} of ${total ? (total / MIB).toFixed(0) : '?'} MiB, ${(rate / MIB).toFixed(1)} MiB/s`
    if (out.isTTY) {
      const filled = Math.round(share * 24)
      out.write(`\r[${'█'.repeat(filled)}${'·'.repeat(24 - filled)}] ${text}   ${total && bytes >= total ? '\n' : ''}`)
    } else if (percent >= lastShown + 10 || bytes === total) {
      lastShown = percent
      out.write(`${text}\n`)
    }
  }
}
