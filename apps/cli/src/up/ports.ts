import { type AddressInfo, createServer } from 'node:net'
import { HeddleError } from '@heddle/protocol'

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

/** Throws `port_taken` before anything is started, when something listens there. */
export function requireFree(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', cause => reject(new HeddleError('port_taken', `something listens on port ${port}`, { cause })))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()))
  })
}
