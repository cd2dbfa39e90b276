import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type Clock, HeddleError } from '@heddle/protocol'
import type { Key, Keys } from './keys.ts'

/** Who sees what: the owner of this house all of it, a key what it asked itself. */
export type Visitor = { kind: 'owner' } | { kind: 'key'; key: Key }

const LINK_LIFETIME = 600_000
const MOST_LINKS = 100

/**
 * Who may look. The owner shows the admin token, or a cookie that a one-time link gave to a browser; the cookie is good
 * for looking only, and only while this token is.
 */
export class Access {
  readonly #keys: Keys
  readonly #adminToken: string
  readonly #clock: Clock
  /** Links that were not opened yet, by their token, with the time after which they are void. */
  readonly #links = new Map<string, number>()

  constructor(options: { keys: Keys; adminToken: string; clock: Clock }) {
    this.#keys = options.keys
    this.#adminToken = options.adminToken
    this.#clock = options.clock
  }

  /** Throws `forbidden` unless the admin token comes along. */
  requireAdmin({ headers }: IncomingMessage): void {
    if (!same(headers.authorization ?? '', `Bearer ${this.#adminToken}`)) throw new HeddleError('forbidden')
  }

  /** The owner, at work or in a browser. */
  isOwner(request: IncomingMessage): boolean {
    if (same(request.headers.authorization ?? '', `Bearer ${this.#adminToken}`)) return true
    const cookie = cookieOf(request)
    return request.method === 'GET' && cookie !== undefined && same(cookie, this.#session())
  }

  /** Throws `key_missing`, `key_unknown`, `key_revoked`, `key_expired` for whoever is neither the owner nor a key. */
  async visitor(request: IncomingMessage): Promise<Visitor> {
    if (this.isOwner(request)) return { kind: 'owner' }
    return { kind: 'key', key: await this.#keys.enter(request.headers) }
  }

  /** Throws what is wrong for anybody but the owner. */
  async requireOwner(request: IncomingMessage): Promise<void> {
    if ((await this.visitor(request)).kind !== 'owner') throw new HeddleError('forbidden')
  }

  /** The token of a new link, good once and for ten minutes. */
  link(): string {
    const now = this.#clock.now()
    for (const [token, until] of this.#links)
      if (until <= now || this.#links.size >= MOST_LINKS) this.#links.delete(token)
    const token = randomBytes(24).toString('base64url')
    this.#links.set(token, now + LINK_LIFETIME)
    return token
  }

  /** Trades a link's token for the cookie that lets a browser look; nothing for one that is not good any more. */
  open(token: string, request: IncomingMessage): string | undefined {
    const until = this.#links.get(token)
    this.#links.delete(token)
    if (until === undefined || until <= this.#clock.now()) return undefined
    return `${cookieName(request)}=${this.#session()}; Path=/; HttpOnly; SameSite=Strict`
  }

  #session(): string {
    return createHmac('sha256', this.#adminToken).update('heddle page').digest('base64url')
  }
}

/** Compares without telling by its time where two texts differ. */
const same = (a: string, b: string): boolean => {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

/** Browsers keep cookies by host alone: the port in the name keeps two houses of one machine apart. */
const cookieName = ({ socket }: IncomingMessage): string => `heddle-${socket.localPort}`

function cookieOf(request: IncomingMessage): string | undefined {
  const name = `${cookieName(request)}=`
  return request.headers.cookie
    ?.split(/; */)
    .find(one => one.startsWith(name))
    ?.slice(name.length)
}
