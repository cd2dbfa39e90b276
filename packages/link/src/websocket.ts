import type { Connection, Listener } from './connection.ts'
import { TAG } from './crypto/crypto.ts'
import { MAX_RECORD } from './session/link.ts'

/** Most bytes of one message of a WebSocket: a full record and its seal. */
export const MAX_MESSAGE = MAX_RECORD + TAG
/** Bytes that may come before somebody listens, between two messages of a handshake. */
const MOST_EARLY = 4 * MAX_MESSAGE

/** What every WebSocket has: a browser's, Node's own, and those of `ws`. */
export type WebSocketLike = {
  binaryType: string
  readonly bufferedAmount: number
  send(message: Uint8Array): void
  close(): void
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
}

/**
 * An open WebSocket as a connection. Messages that are text close it: a link says nothing in text.
 *
 * @example
 * ```ts
 * // sketch
 * const socket = new WebSocket('wss://gateway.example/heddle/1/link')
 * await new Promise(resolve => socket.addEventListener('open', resolve))
 * const connection = connectionOver(socket)
 * ```
 */
export function connectionOver(socket: WebSocketLike, { loopback = false } = {}): Connection {
  let listener: Listener | undefined
  const early: Uint8Array[] = []
  let earlyBytes = 0
  let isOpen = true
  let isTold = false
  const ended = (): void => {
    isOpen = false
    if (!listener || isTold) return
    isTold = true
    listener.closed()
  }
  socket.binaryType = 'arraybuffer'
  socket.onclose = ended
  socket.onerror = ended
  socket.onmessage = ({ data }) => {
    // What comes until the other side has heard that it is closed is nobody's.
    if (!isOpen) return
    if (!(data instanceof ArrayBuffer)) return socket.close()
    const message = new Uint8Array(data)
    if (listener) return listener.message(message)
    earlyBytes += message.length
    if (earlyBytes > MOST_EARLY) return socket.close()
    early.push(message)
  }
  return {
    loopback,
    buffered: () => socket.bufferedAmount,
    send(message) {
      if (isOpen) socket.send(message)
    },
    close() {
      if (!isOpen) return
      isOpen = false
      socket.close()
    },
    listen(to) {
      listener = to
      while (listener && early.length > 0) {
        earlyBytes -= early[0]!.length
        listener.message(early.shift()!)
      }
      if (!isOpen && !isTold) queueMicrotask(ended)
    },
  }
}
