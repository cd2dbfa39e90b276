import { type Address, HeddleError, toHeddleError } from '@heddle/protocol'
import type { Connection } from './connection.ts'
import { type Identity, shakeAsAnswerer } from './handshake/handshake.ts'
import { defaultLimits, type LinkLimits } from './limits.ts'
import { Link, type LinkOptions } from './session/link.ts'

export type AnswererOptions = Pick<LinkOptions, 'onStream'> & {
  identity: Identity
  limits?: Partial<LinkLimits>
  /** Links that others may have here at once. */
  most?: number
  /** Whether records may be plain on loopback. */
  plain?: boolean
  /** A new session with somebody who has proven who it is. What throws refuses it. */
  onLink?(link: Link): void
  /** The connection is gone; the session waits for another. */
  onDrop?: LinkOptions['onDrop']
  onOver?: LinkOptions['onOver']
}

/**
 * Whoever can be dialled: one link for each party that dials, the newest. A connection that goes on with a session takes it over from the
 * one before, which may not have noticed yet that it is dead.
 */
export class Answerer {
  readonly #options: AnswererOptions
  readonly #limits: LinkLimits
  readonly #links = new Map<Address, { link: Link; generation: number }>()

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
      if (known && arrived !== null && known.link.session === session) {
        known.generation = generation
        known.link.attach(connection, records, arrived)
        return known.link
      }
      if (arrived !== null) throw new HeddleError('link_lost', 'the session ended during the handshake')
      known?.link.fail(new HeddleError('link_lost', `${peer} has begun another session`))
      if (this.#links.size >= most) throw new HeddleError('link_full', `${most} links are open here`)
      return this.#begin({ peer, session, generation }, link => link.attach(connection, records, 0))
    } catch (error) {
      connection.close()
      throw error
    }
  }

  /** Ends all links. */
  close(): void {
    for (const { link } of [...this.#links.values()]) link.close('link_lost')
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
        onOver?.(one, why)
      },
    })
    this.#links.set(peer, { link, generation })
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
