import type { ServerResponse } from 'node:http'

/**
 * Leaves a client that takes nothing of what waits for it for so many milliseconds, as if it had hung up. Silence with
 * nothing to take is no fault, and whoever takes something, however slowly, goes on.
 *
 * The time is looked at in two halves: where this machine itself stood still, the first one is over as soon as it goes on,
 * and what the client would have taken meanwhile goes out in the second.
 */
export function leaveUnread(response: ServerResponse, unread: number): void {
  let first = { at: Number.NEGATIVE_INFINITY, taken: -1 }
  response.setTimeout(unread / 2, () => {
    const { socket } = response
    if (!socket || socket.writableLength === 0) return
    // Node is silent about a timeout while a write goes on, so nothing was taken in the half that ends here.
    const [at, taken] = [performance.now(), socket.bytesWritten - socket.writableLength]
    if (taken === first.taken && at - first.at <= 1.5 * unread) return void response.destroy()
    first = { at, taken }
    socket.setTimeout(unread / 2)
  })
}
