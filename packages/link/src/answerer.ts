import { type Address, HeddleError, toHeddleError } from '@heddle/protocol'
import type { Connection } from './connection.ts'
import { type Identity, shakeAsAnswerer } from './handshake/handshake.ts'
import { defaultLimits, type LinkLimits } from './limits.ts'
import { startBeating } from './session/heart.ts'
import { Link, type LinkOptions } from './session/link.ts'

export type AnswererOptions = Pick<LinkOptions, 'onStream'> & {
  identity: Identity
  limits?: Partial<LinkLimits>
  /** Links that others may have here at once. Above it, one on which nothing is open makes room. */
  most?: number
  /** Bytes that all links together may keep ({@link Link.weight}). Above it, the one that keeps most is ended. */
  memory?: number
  /** Whether records may be plain on loopback. */
  plain?: boolean
  /** A new session with somebody who has proven who it is. What throws refuses it. */
  onLink?(link: Link): void
  /** The connection is gone; the session waits for another. */
  onDrop?: LinkOptions['onDrop']
  onOver?: LinkOptions['onOver']
}

const MEMORY = 256 << 20

/**
 * Whoever can be dialled: one link for each party that dials, the newest. A connection that goes on with a session takes it over from the
 * one before, which may not have noticed yet that it is dead.
 */
export class Answerer {
  readonly #options: AnswererOptions
  readonly #limits: LinkLimits
  readonly #links = new Map<Address, { link: Link; generation: number }>()
  #stopWeighing: (() => void) | undefined
  #closed = false

  constructor(options: AnswererOptions) {
    this.#options = options
    this.#limits = { ...defaultLimits, ...options.limits }
  }

  /** Parties that have a link here. */
  get size(): number {
    return this.#links.size
  }

  link(peer: Address): Link | undefined {
    return this.#links.get(peer)?.link
  }

  /** Answers somebody who dials. Throws why it does not come to a link; the connection is closed then. */
  async answer(connection: Connection): Promise<Link> {
    const { identity, plain = false, most = 10_000 } = this.#options
    const { peer, session, records, arrived, generation } = await shakeAsAnswerer(connection, {
      identity,
      plain,
      milliseconds: this.#limits.handshake,
      newest: one => this.#links.get(one)?.generation ?? 0,
      received: (one, asked) => {
        const link = this.#links.get(one)?.link
        return link?.session === asked ? link.received : undefined
      },
    })
    const known = this.#links.get(peer)
    try {
      if (this.#closed) throw new HeddleError('link_lost', 'nobody answers here any more')
      if (known && arrived !== null && known.link.session === session) {
        known.generation = generation
        known.link.attach(connection, records, arrived)
        return known.link
      }
      if (arrived !== null) throw new HeddleError('link_lost', 'the session ended during the handshake')
      // Another program with the same key, perhaps: it is told, and does not come back by itself.
      known?.link.close('link_fenced')
      if (this.#links.size >= most) this.#makeRoom(most)
      return this.#begin({ peer, session, generation }, link => link.attach(connection, records, 0))
    } catch (error) {
      connection.close()
      throw error
    }
  }

  /** Ends all links; those whose handshake goes on do not come to be. */
  close(): void {
    this.#closed = true
    for (const { link } of [...this.#links.values()]) link.close('link_lost')
  }

  /** Keys cost nothing: who fills this side with links that do nothing keeps nobody else out. */
  #makeRoom(most: number): void {
    const idle = [...this.#links.values()].flatMap(({ link }) => (link.streams === 0 ? [link] : []))
    const gone = idle.find(link => !link.isConnected)
    const one = gone ?? idle[Math.floor(Math.random() * idle.length)]
    if (!one) throw new HeddleError('link_full', `${most} links are open here`)
    one.close('link_full')
  }

  /** Each link keeps to its limits; many of them could fill a machine all the same. */
  #weigh(): void {
    const { memory = MEMORY } = this.#options
    let sum = 0
    for (const { link } of this.#links.values()) sum += link.weight
    if (sum <= memory) return
    const links = [...this.#links.values()].map(({ link }) => ({ link, weight: link.weight }))
    for (const { link, weight } of links.sort((a, b) => b.weight - a.weight)) {
      if (sum <= memory) return
      sum -= weight
      link.close('link_full')
    }
  }

  #restScales(): void {
    this.#stopWeighing?.()
    this.#stopWeighing = undefined
  }

  #begin(
    { peer, session, generation }: { peer: Address; session: Link['session']; generation: number },
    attach: (link: Link) => void,
  ): Link {
    const { onStream, onLink, onDrop, onOver } = this.#options
    const link = new Link({
      side: 'answer',
      peer,
      session,
      limits: this.#limits,
      onStream,
      ...(onDrop && { onDrop }),
      onOver: (one, why) => {
        if (this.#links.get(peer)?.link === one) this.#links.delete(peer)
        if (this.#links.size === 0) this.#restScales()
        onOver?.(one, why)
      },
    })
    this.#links.set(peer, { link, generation })
    this.#stopWeighing ??= startBeating({ beat: () => this.#weigh() })
    attach(link)
    try {
      onLink?.(link)
    } catch (error) {
      link.close(toHeddleError(error).code)
      throw error
    }
    return link
  }
}
