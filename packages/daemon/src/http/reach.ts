import { isIP } from 'node:net'
import { HeddleError } from '@heddle/protocol'

/** Where a daemon is reached: on this machine alone, or at an address that others reach too. */
export type Reach = Readonly<{
  /** The address that it listens on. */
  host: string
  /** What others call it, where something stands in front of it, e.g. `https://gpu.example`. */
  url?: string
}>

export const LOOPBACK: Reach = { host: '127.0.0.1' }

/**
 * Reads where to listen: an address of this machine, and the URL that others use where it is another. Throws
 * `setting_invalid` for what is no address, and for all addresses at once without a URL: nobody could be told one.
 *
 * @example
 * ```ts
 * import { reachSetting } from '@heddle/daemon'
 * reachSetting('10.0.0.2') // { host: '10.0.0.2' }
 * reachSetting('0.0.0.0', 'https://gpu.example/') // { host: '0.0.0.0', url: 'https://gpu.example' }
 * ```
 */
export function reachSetting(host: string, url?: string): Reach {
  if (isIP(host) === 0) throw new HeddleError('setting_invalid', `"${host}" is no address of this machine`)
  if (url === undefined) {
    if (/^(0\.0\.0\.0|::)$/.test(host))
      throw new HeddleError('setting_invalid', `${host} is every address: say the URL that others use, too`)
    return { host }
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.pathname !== '/' || parsed.search || parsed.username)
    throw new HeddleError('setting_invalid', `"${url}" is no http or https address without a path`)
  return { host, url: parsed.origin }
}

/** What a daemon that listens on this port is called. */
export const urlAt = ({ host, url }: Reach, port: number): string => url ?? `http://${literal(host)}:${port}`

const literal = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host)

const OURS = /^(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?$/

/**
 * Whether a request is meant for this daemon, by its Host, and comes from no page of another origin: so that no web page
 * can use a daemon that its reader can reach (DNS rebinding). Gives what is wrong, or nothing.
 */
export function foreignTo(reach: Reach): (headers: { host?: string; origin?: string }) => string | undefined {
  const named = reach.url === undefined ? undefined : new URL(reach.url)
  const bare = literal(reach.host)
  const isOurs = (host: string): boolean =>
    OURS.test(host) || host === bare || host.replace(/:[0-9]+$/, '') === bare || host === named?.host
  return ({ host, origin }) => {
    if (host && !isOurs(host)) return 'the Host is not this daemon'
    if (origin !== undefined && origin !== `http://${host}` && origin !== named?.origin)
      return 'requests from other web pages are refused'
    return undefined
  }
}
