import { isIP } from 'node:net'
import { HeddleError } from '@heddle/protocol'

/** Where a daemon is reached: on this machine alone, or at an address that others reach too. */
export type Reach = Readonly<{
  /** The address that it listens on. */
  host: string
  /** What others call it, where something stands in front of it, e.g. `https://gpu.example`. */
  url?: string
  /** Other names that it may be called by, e.g. `nas.local` (at any port) or `nas.local:8402`. */
  names?: readonly string[]
  /** Pages of others that may use its doors with a key, e.g. `app://obsidian.md`. */
  origins?: readonly string[]
}>

export const LOOPBACK: Reach = { host: '127.0.0.1' }

/** True for `0.0.0.0` and `::`: every address of this machine. */
export const isEverywhere = (host: string): boolean => host === '0.0.0.0' || host === '::'

/**
 * Reads where to listen: an address of this machine, and the URL that others use where it is another. Throws
 * `setting_invalid` for what is no address.
 *
 * @example
 * ```ts
 * import { reachSetting } from '@heddle/daemon'
 * reachSetting('10.0.0.2') // { host: '10.0.0.2' }
 * reachSetting('0.0.0.0', 'https://gpu.example/') // { host: '0.0.0.0', url: 'https://gpu.example' }
 * ```
 */
export function reachSetting(host: string, url?: string): Reach {
  const address = host.replace(/^\[(.*)\]$/, '$1')
  if (isIP(address) === 0)
    throw new HeddleError('setting_invalid', `"${host}" is no address of this machine: like 10.0.0.2, 0.0.0.0 or ::`)
  return url === undefined ? { host: address } : { host: address, url: publicUrl(url) }
}

/** An http or https address without a path, as others call a daemon. Throws `setting_invalid`. */
export function publicUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.pathname !== '/' || parsed.search || parsed.username)
    throw new HeddleError('setting_invalid', `"${url}" is no http or https address without a path`)
  return parsed.origin
}

/**
 * A name that a daemon may be called by, with a port where only that one is meant. Throws `setting_invalid`, also for
 * `*`: a page of anybody could have its own name lead here (DNS rebinding).
 */
export function hostName(text: string): string {
  const name = text.toLowerCase()
  if (/^([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(:[0-9]{1,5})?$/.test(name)) return name
  if (/^\[[0-9a-f:.]+\](:[0-9]{1,5})?$/.test(name)) return name
  throw new HeddleError('setting_invalid', `"${text}" is no name of a host, like nas.local or nas.local:8402`)
}

/**
 * The origin of a page, as browsers send it: `https://app.example`, `http://localhost:3000`, `app://obsidian.md`,
 * `chrome-extension://…`. Throws `setting_invalid`, also for `*` and `null`, which are the origins of anybody.
 */
export function originOf(text: string): string {
  const [, scheme, host] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#@\s*]+)\/?$/i.exec(text) ?? []
  if (!scheme || !host)
    throw new HeddleError(
      'setting_invalid',
      `"${text}" is no origin of a page, like https://app.example or app://obsidian.md`,
    )
  return /^https?$/i.test(scheme) ? new URL(`${scheme}://${host}`).origin : `${scheme.toLowerCase()}://${host}`
}

/** What a daemon that listens on this port is called by others; on this machine where it has no name and no address. */
export const urlAt = (reach: Reach, port: number): string => reach.url ?? localUrl(reach, port)

/** What a daemon that listens on this port is called on this machine. */
export function localUrl({ host }: Reach, port: number): string {
  const address = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${literal(address)}:${port}`
}

const literal = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host)

const OURS = /^(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?$/

/**
 * What containers call the machine that they run on. These names end in `.internal`, which nobody can register, so no
 * page can have one of them lead here.
 */
const OF_CONTAINERS = /^(host|gateway)\.(docker|containers|lima|orb|minikube)\.internal(:[0-9]+)?$/

/** Who asks, as far as Host and Origin tell: `origin` is there where it is another page that the owner let in. */
export type Caller = { refused?: string; origin?: string }

/**
 * Whether a request is meant for this daemon, by its Host, and comes from no page of another origin: so that no web page
 * can use a daemon that its reader can reach (DNS rebinding). Other names and other pages are let in where they are
 * named; an address is no name, so where a daemon listens everywhere it may be called by any.
 */
export function callerOf(reach: Reach): (headers: { host?: string; origin?: string }) => Caller {
  const named = reach.url === undefined ? undefined : new URL(reach.url)
  const bare = literal(reach.host)
  const names = new Set(reach.names)
  const origins = new Set(reach.origins)
  const everywhere = isEverywhere(reach.host)
  const isOurs = (host: string): boolean => {
    if (OURS.test(host) || OF_CONTAINERS.test(host) || host === named?.host) return true
    const withoutPort = host.replace(/:[0-9]+$/, '')
    if (withoutPort === bare || names.has(host) || names.has(withoutPort)) return true
    return everywhere && isAddress(host)
  }
  return ({ host, origin }) => {
    if (host && !isOurs(host.toLowerCase()))
      return {
        refused: `the Host "${host.slice(0, 100)}" is not this daemon: its owner lets it be called so with --allow-host`,
      }
    if (origin === undefined || origin === `http://${host}` || origin === named?.origin) return {}
    if (origins.has(origin)) return { origin }
    return {
      refused: `requests of the page "${origin.slice(0, 100)}" are refused: its owner lets it in with --allow-origin`,
    }
  }
}

function isAddress(host: string): boolean {
  const [, six, four] = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+))(?::[0-9]+)?$/.exec(host) ?? []
  return isIP(six ?? four ?? '') !== 0
}
