import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { HeddleError } from '@heddle/protocol'

const CONNECT_MS = 500

/**
 * The ways in which a port of this machine is reachable from outside loopback, in words; none is good. It is tried:
 * a connection to the port on every other address of this host, and a look at the kernel's list of listeners.
 */
export async function exposureOf(port: number): Promise<string[]> {
  const [answering, listening] = await Promise.all([
    Promise.all(otherAddresses().map(async address => ((await answers(address, port)) ? [address] : []))),
    listeners(port),
  ])
  const connected = answering.flat().map(address => `it answers on ${address}:${port}`)
  return [...connected, ...listening.map(address => `it listens on ${address}:${port}`)]
}

/** Throws `engine_exposed` when others than this machine can reach the port. There is no way around it. */
export async function assertNotExposed(name: string, port: number): Promise<void> {
  const ways = await exposureOf(port)
  if (ways.length > 0) throw new HeddleError('engine_exposed', `${name} is reachable from outside: ${ways.join(', ')}`)
}

function otherAddresses(): string[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses
      .filter(one => !one.internal)
      .map(one => (one.family === 'IPv6' && one.scopeid ? `${one.address}%${name}` : one.address)),
  )
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host, port })
    const end = (yes: boolean) => {
      socket.destroy()
      resolve(yes)
    }
    socket.setTimeout(CONNECT_MS, () => end(false))
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}

const LISTEN = '0A'

/** Listeners on the port that are not loopback's, as Linux lists them; none where there is no such list. */
async function listeners(port: number): Promise<string[]> {
  const lists = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map(file => readFile(file, 'utf8').catch(() => '')),
  )
  const found = lists.flatMap(list => list.split('\n').slice(1)).flatMap(line => openListener(line, port))
  return [...new Set(found)]
}

/** One line of the kernel's list: `sl local_address rem_address st …`, addresses as hexadecimal words of the host. */
function openListener(line: string, port: number): string[] {
  const [, local, , state] = line.trim().split(/\s+/)
  const [address, hexPort] = local?.split(':') ?? []
  if (!address || state !== LISTEN || Number.parseInt(hexPort!, 16) !== port) return []
  if (address.length === 8) {
    const octets = address
      .match(/../g)!
      .map(hex => Number.parseInt(hex, 16))
      .reverse()
    return octets[0] === 127 ? [] : [octets.join('.')]
  }
  if (address === '00000000000000000000000001000000') return []
  // An IPv4 address written as an IPv6 one; 127.* of it is loopback too.
  if (/^0{16}FFFF0000[0-9A-F]{6}7F$/.test(address)) return []
  return [/^0+$/.test(address) ? '[::]' : `IPv6 address ${address}`]
}
