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

// A record is whole or it is refused, and it is sealed: there is nothing to deflate.
const FRAMING = { maxPayload: MAX_MESSAGE, perMessageDeflate: false, skipUTF8Validation: true } as const

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
    socket.once('open', () => resolve(connectionOver(socket as never, { loopback: isLoopback(address) })))
    socket.once('error', cause => reject(new HeddleError('link_lost', `${endpoint}: ${cause.message}`, { cause })))
  })
}

/**
 * Answers links over the upgrades of an HTTP server; give it to `server.on('upgrade', …)`. Other paths are left alone. `most` is how many
 * may be in their handshake at once: above it, the newest are turned away.
 */
export function answerUpgrades(
  answerer: Answerer,
  { most = 256, refused = () => undefined }: { most?: number; refused?(error: unknown): void } = {},
) {
  const server = new WebSocketServer({ noServer: true, ...FRAMING })
  let shaking = 0
  return (request: IncomingMessage, socket: Duplex, head: Buffer): boolean => {
    if (request.url?.split('?')[0] !== LINK_PATH) return false
    if (shaking >= most) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\n\r\n')
      return true
    }
    shaking += 1
    const ended = (): void => {
      shaking -= 1
    }
    let isBegun = false
    socket.once('close', () => {
      if (!isBegun) ended()
    })
    server.handleUpgrade(request, socket, head, one => {
      isBegun = true
      const { remoteAddress } = socket as Socket
      ;(socket as Socket).setNoDelay(true)
      answerer
        .answer(connectionOver(one as never, { loopback: isLoopback(remoteAddress) }))
        .catch(refused)
        .finally(ended)
    })
    return true
  }
}
