import type { AddressInfo } from 'node:net'
import { createServer, connect as dial, type Socket } from 'node:net'
import type { TestContext } from 'node:test'

/**
 * A wire to an address that can be cut: what runs over it drops, and while it is down nobody can be reached. Without an address it leads
 * nowhere, until it has one.
 */
export async function startWire(t: TestContext, to?: string) {
  const sockets = new Set<Socket>()
  const wire = {
    url: '',
    to,
    isUp: true,
    /** Connections so far. */
    connections: 0,
    /** Bytes that come from the other end and still pass, before the wire drops by itself. */
    dropAfter: Number.POSITIVE_INFINITY,
    /** Gives how many connections were open. */
    cut(): number {
      const open = sockets.size / 2
      for (const socket of sockets) socket.destroy()
      return open
    },
  }
  const server = createServer(near => {
    if (!wire.isUp || !wire.to) return void near.destroy()
    wire.connections += 1
    const far = dial(Number(new URL(wire.to).port), '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', bytes => {
        to.write(bytes)
        if (from !== far) return
        wire.dropAfter -= bytes.length
        if (wire.dropAfter > 0) return
        wire.dropAfter = Number.POSITIVE_INFINITY
        wire.cut()
      })
      from.on('error', () => undefined)
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.close()
    wire.cut()
  })
  wire.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return wire
}
