const turns = new Map<string, Promise<unknown>>()

/** Runs an action after all that were given under this name before, in this process: one at a time, in order. */
export function inTurn<T>(name: string, act: () => Promise<T>): Promise<T> {
  const acted = (turns.get(name) ?? Promise.resolve()).then(act)
  const ended = acted.then(
    () => undefined,
    () => undefined,
  )
  turns.set(name, ended)
  void ended.then(() => {
    if (turns.get(name) === ended) turns.delete(name)
  })
  return acted
}
