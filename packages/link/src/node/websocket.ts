import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { HeddleError } from '@heddle/protocol'
import { WebSocket, WebSocketServer } from 'ws'
import type { Answerer } from '../answerer.ts'
import type { Connection } from '../connection.ts'
import { connectionOver, MAX_MESSAGE } from '../websocket.ts'

/** Where links are answered, over HTTP's upgrade. */
export const LINK_PATH = '/heddle/1/link'

/** Milliseconds in which the other side may say that it closes too; then its socket is ended. */
const CLOSING = 1_000

// A record is whole or it is refused, and it is sealed: there is nothing to deflate.
const FRAMING = {
  maxPayload: MAX_MESSAGE,
  perMessageDeflate: false,
  skipUTF8Validation: true,
  autoPong: false,
  closeTimeout: CLOSING,
} as const

const isLoopback = (address: string | undefined): boolean =>
  address === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(address ?? '')

/** A connection to whoever answers links at an HTTP(S) endpoint. Throws `link_lost` where nobody does within the time. */
export function dialWebSocket(endpoint: string, { milliseconds = 3_000 } = {}): Promise<Connection> {
  const url = new URL(LINK_PATH, endpoint)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { ...FRAMING, handshakeTimeout: milliseconds })
    let address: string | undefined
    socket.once('upgrade', ({ socket: raw }) => {
      address = raw.remoteAddress
      raw.setNoDelay(true)
    })
    answerPings(socket)
    socket.once('open', () => resolve(connectionOver(socket as never, { loopback: isLoopback(address) })))
    socket.once('error', cause => reject(new HeddleError('link_lost', `${endpoint}: ${cause.message}`, { cause })))
  })
}

/**
 * Answers links over the upgrades of an HTTP server; give it to `server.on('upgrade', …)`. Other paths are left alone. `most` is how many
 * may be in their handshake at once, or leaving after it: above it, the oldest of the network that has most of them makes room, so that
 * nobody keeps others out by saying nothing.
 */
export function answerUpgrades(
  answerer: Answerer,
  { most = 256, refused = () => undefined }: { most?: number; refused?(error: unknown): void } = {},
) {
  const server = new WebSocketServer({ noServer: true, ...FRAMING })
  const shaking = new Set<Socket>()
  return (request: IncomingMessage, duplex: Duplex, head: Buffer): boolean => {
    if (request.url?.split('?')[0] !== LINK_PATH) return false
    const socket = duplex as Socket
    const { remoteAddress } = socket
    // An error that nobody listens to ends the process, and until it is a WebSocket nobody else does.
    socket.on('error', () => socket.destroy())
    if (shaking.size >= most) oldestOfMost(shaking)?.destroy()
    shaking.add(socket)
    socket.once('close', () => shaking.delete(socket))
    server.handleUpgrade(request, socket, head, one => {
      socket.setNoDelay(true)
      answerPings(one)
      answerer.answer(connectionOver(one as never, { loopback: isLoopback(remoteAddress) })).then(
        () => shaking.delete(socket),
        // Whoever is refused has its place until its socket is gone.
        refused,
      )
    })
    return true
  }
}

/** Of the network with most of these sockets the one that came first. */
function oldestOfMost(sockets: ReadonlySet<Socket>): Socket | undefined {
  const networks = new Map<string, { first: Socket; count: number }>()
  let most: { first: Socket; count: number } | undefined
  for (const socket of sockets) {
    const network = networkOf(socket.remoteAddress ?? '')
    const known = networks.get(network) ?? { first: socket, count: 0 }
    networks.set(network, known)
    known.count += 1
    if (!most || known.count > most.count) most = known
  }
  return most?.first
}

/** Whose an address is: that of IPv6 by its first 64 bits, of which everybody has 2^64. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address
  const [before = '', after] = address.split('::')
  const groups = before === '' ? [] : before.split(':')
  return (after === undefined ? groups : [...groups, '0', '0', '0', '0']).slice(0, 4).join(':')
}

/** As the WebSocket has it, but not to whoever takes no answer: each would wait here. */
function answerPings(socket: WebSocket): void {
  socket.on('ping', data => {
    if (socket.bufferedAmount === 0) socket.pong(data)
  })
}
