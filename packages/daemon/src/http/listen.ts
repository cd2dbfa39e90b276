import type { Server } from 'node:http'
import { type AddressInfo, createServer as createListener, type Server as Listener } from 'node:net'
import { HeddleError } from '@heddle/protocol'
import { LOOPBACK, type Reach } from './reach.ts'
import { endHandedOver } from './upgrade.ts'

/** Loopback has two addresses, and `localhost` means either: whoever listens on one is asked at both. */
const OTHER_LOOPBACK: Readonly<Record<string, string>> = { '127.0.0.1': '::1', '::1': '127.0.0.1' }

/** Second listeners, by the server that answers for them. */
const seconds = new WeakMap<Server, Listener>()

/**
 * Listens, on loopback where nothing else is said: then at 127.0.0.1 and ::1, as far as this machine has both. Throws
 * `port_taken`, `setting_invalid` for an address that this machine has not. Gives the port that it got.
 */
export async function listen(server: Server, port: number, { host }: Reach = LOOPBACK): Promise<number> {
  const got = await listenAt(server, port, host).catch((cause: NodeJS.ErrnoException) => {
    throw failure(cause, port, host)
  })
  const other = OTHER_LOOPBACK[host]
  if (other === undefined) return got
  const second = createListener(socket => server.emit('connection', socket))
  await listenAt(second, got, other).then(
    () => seconds.set(server, second),
    // No such address here, or somebody's already: then the first one has to do.
    () => second.close(),
  )
  return got
}

function listenAt(server: Listener, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

function failure(cause: NodeJS.ErrnoException, port: number, host: string): HeddleError {
  if (cause.code === 'EADDRINUSE') return new HeddleError('port_taken', `something listens on port ${port}`, { cause })
  if (cause.code === 'EACCES')
    return new HeddleError('setting_invalid', `port ${port} is for the system: take one above 1023`, { cause })
  if (cause.code === 'EADDRNOTAVAIL' || cause.code === 'EAFNOSUPPORT')
    return new HeddleError('setting_invalid', `--listen: this machine has no address ${host}`, { cause })
  return new HeddleError('internal', cause.message, { cause })
}

/** Stops listening; streams that are still running are cut, and so is what was handed over. */
export function closeServer(server: Server): Promise<void> {
  seconds.get(server)?.close()
  return new Promise(resolve => {
    server.close(() => resolve())
    server.closeAllConnections()
    endHandedOver(server)
  })
}
