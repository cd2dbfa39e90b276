const channel = typeof setImmediate === 'function' ? undefined : new MessageChannel()
const waiting: (() => void)[] = []
if (channel) channel.port1.onmessage = () => waiting.shift()?.()

/** Calls back once this turn of the event loop is over: what it gave goes together. */
export function atTurnsEnd(call: () => void): void {
  if (!channel) {
    setImmediate(call)
    return
  }
  waiting.push(call)
  channel.port2.postMessage(undefined)
}
