import type { TestContext } from 'node:test'

/** Ends something once, however often it is asked to, the test's end included; whoever asks is told when it has ended. */
export function stoppingOnce(t: TestContext, stop: () => Promise<void>): () => Promise<void> {
  let stopping: Promise<void> | undefined
  const once = (): Promise<void> => {
    stopping ??= stop()
    return stopping
  }
  t.after(once)
  return once
}
