import { isIP } from 'node:net'
import { HeddleError } from '@heddle/protocol'

/** Where an engine listens. `origin` names addresses, never names, while the engine is on this machine. */
export type EngineAddress = { origin: string; host: string; port: number; loopback: boolean; path: string }

const LOOPBACK = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/

/**
 * Reads an engine's URL. On this machine it must be plain `http` to a loopback address (`localhost` is read as
 * 127.0.0.1, so that no resolver is asked). Anywhere else it must be `https`, and `remote` must be said.
 * Throws `setting_invalid` for what is no such URL, `engine_exposed` for plain `http` to another address.
 *
 * @example
 * ```ts
 * // sketch
 * engineAddress('http://localhost:11434').origin // 'http://127.0.0.1:11434'
 * ```
 */
export function engineAddress(text: string, remote = false): EngineAddress {
  const invalid = (why: string): HeddleError => new HeddleError('setting_invalid', `engine url "${text}": ${why}`)
  if (!URL.canParse(text)) throw invalid('is no URL')
  const url = new URL(text)
  if (url.username || url.password) throw invalid('has a password in it; use apiKey')
  if (url.search || url.hash) throw invalid('has a query or a fragment')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw invalid('is neither http nor https')
  const host = url.hostname === 'localhost' ? '127.0.0.1' : url.hostname
  const loopback = LOOPBACK.test(host)
  if (!loopback && url.protocol === 'http:')
    throw new HeddleError('engine_exposed', `${text} is plain http to another address than this machine's loopback`)
  if (!loopback && !remote) throw invalid('is not on this machine; set remote if that is meant')
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  const path = url.pathname.replace(/\/+$/, '')
  if (isIP(host.replace(/^\[|\]$/g, '')) === 0 && loopback) throw invalid('is no address')
  return { origin: `${url.protocol}//${host}:${port}`, host, port, loopback, path }
}
