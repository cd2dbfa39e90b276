/** Lets a bench use what tests start: everything that was begun is ended in turn, the last first. */
export function startStaging() {
  const ends: (() => unknown)[] = []
  const t = { after: (end: () => unknown) => void ends.push(end) }
  return {
    t: t as never,
    async stop(): Promise<void> {
      for (const end of ends.splice(0).reverse()) await end()
    },
  }
}
