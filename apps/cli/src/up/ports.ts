import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { closeServer, listen, type Reach } from '@heddle/daemon'

/** A port that is free on loopback now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/** Throws, before anything is started, what would keep a daemon from listening there: `port_taken`, `setting_invalid`. */
export async function requireFree(port: number, reach: Reach): Promise<void> {
  const server = createHttpServer()
  await listen(server, port, reach)
  await closeServer(server)
}
