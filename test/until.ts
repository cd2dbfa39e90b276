/** How long something is waited for, in milliseconds: far longer than it takes on the busiest machine. */
const PATIENCE = 120_000
const LOOK = 10

/**
 * Waits until something is so, and throws what it was when it never came to be. A test waits for what has to happen, never
 * for a time in which it should have.
 */
export async function until(isSo: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (const end = Date.now() + PATIENCE; ; ) {
    if (await isSo()) return
    if (Date.now() > end) throw new Error(`waited ${PATIENCE / 1_000} s for: ${what}`)
    await new Promise(resolve => setTimeout(resolve, LOOK))
  }
}
