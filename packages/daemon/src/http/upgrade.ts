import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Caller } from './reach.ts'

/** What takes a connection over from HTTP: a WebSocket at a path. */
export type Upgrade = {
  path: string
  handle(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

/**
 * Whether a request is for it. All others are answered as if they had asked for nothing else than HTTP: clients that would like HTTP/2
 * (`Upgrade: h2c`, as those of Java do) go on without.
 */
export const isUpgrade = ({ url, method, headers }: IncomingMessage, { path }: Upgrade): boolean =>
  method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && url?.split('?')[0] === path

/** Connections that were handed over, by the server that they came to: it knows nothing of them any more. */
const handedOver = new WeakMap<Server, Set<Duplex>>()

/** Milliseconds in which the last of what was written may leave, when a daemon stops. */
const LAST_WORDS = 500

/** Ends what was handed over, once what was written to it has left; whoever takes nothing of it is not waited for. */
export function endHandedOver(server: Server): void {
  const sockets = [...(handedOver.get(server) ?? [])]
  for (const socket of sockets) endAfter(socket)
  if (sockets.length > 0)
    setTimeout(() => {
      for (const socket of sockets) socket.destroy()
    }, LAST_WORDS).unref()
}

/** Ends a connection from this side too, after what was written: whoever keeps his own end open would hold it for ever. */
function endAfter(socket: Duplex, words?: string): void {
  if (socket.writableFinished) return void socket.destroy()
  socket.once('finish', () => socket.destroy())
  socket.end(words)
}

/** Hands over what asks for it, from whoever may ask this daemon anything. */
export function handOver(
  server: Server,
  { handle }: Upgrade,
  callerOf: (headers: IncomingMessage['headers']) => Caller,
) {
  const sockets = new Set<Duplex>()
  handedOver.set(server, sockets)
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node takes its own listener away, and an error that nobody listens to ends the process.
    socket.on('error', () => socket.destroy())
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    const { refused } = callerOf(request.headers)
    if (refused === undefined) return handle(request, socket, head)
    endAfter(socket, 'HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
  })
}
