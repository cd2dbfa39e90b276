import { type Address, HeddleError, isHeddleError, toHeddleError } from '@heddle/protocol'
import type { Connection } from './connection.ts'
import { type Identity, type Shaken, shakeAsDialler } from './handshake/handshake.ts'
import type { Seal } from './handshake/messages.ts'
import { defaultLimits, type LinkLimits } from './limits.ts'
import { Link, type LinkOptions } from './session/link.ts'

export type DiallerOptions = Pick<LinkOptions, 'onStream'> & {
  identity: Identity
  /** Makes a connection to the other side. Throws where there is nobody. */
  connect(): Promise<Connection>
  /** How many addresses `connect` tries in turn, where it is more than one: a stranger at one of them ends no session. */
  addresses?(): number
  /** Whom one dials; nothing: whoever is there and proves who it is. */
  to?: Address
  /** Plain records are for loopback only. */
  seal?: Seal
  limits?: Partial<LinkLimits>
  /** A new session: the first, and every one after the other side has forgotten the one before. */
  onLink?(link: Link): void
  /** The connection is gone; another is dialled. */
  onDrop?: LinkOptions['onDrop']
  onOver?: LinkOptions['onOver']
}

/** Milliseconds before the second try, doubled each time, and the longest while a session waits to go on. */
const PAUSE = 25
const LONGEST_PAUSE = 400
/** Milliseconds that a connection has to last, for the next to be dialled without a pause. */
const LASTING = 1_000
/**
 * Milliseconds by which a clock may be ahead: nobody is believed to know of a generation after that. A stranger could name the last there
 * is, and nobody could be dialled with what follows it.
 */
const AHEAD = 366 * 86_400_000

/**
 * Whoever dials: it has one link with the other side, dials again by itself when the connection drops, and goes on with the session.
 *
 * @example
 * ```ts
 * // sketch
 * const dialler = new Dialler({ identity, to: provider, connect: () => dialWebSocket(url), onStream: stream => stream.reset('not_found') })
 * const link = await dialler.link()
 * ```
 */
export class Dialler {
  readonly #options: DiallerOptions
  readonly #limits: LinkLimits
  #to: Address | undefined
  #link: Link | undefined
  #dialling: Promise<Link> | undefined
  #generation = 0
  #pause = 0
  #attachedAt = 0
  #closed = false
  #keeping: ReturnType<typeof setTimeout> | undefined

  constructor(options: DiallerOptions) {
    this.#options = options
    this.#limits = { ...defaultLimits, ...options.limits }
    this.#to = options.to
  }

  /** The link, dialled if there is none. Throws why there is nobody: `link_lost`, or what the handshake says. */
  link(): Promise<Link> {
    if (this.#closed) throw new HeddleError('link_lost', 'this dialler is closed')
    if (this.#link && !this.#link.error) return Promise.resolve(this.#link)
    this.#dialling ??= this.#dial().finally(() => {
      this.#dialling = undefined
    })
    return this.#dialling
  }

  /**
   * Has a link from now on, until it is closed: dials at once, and again whenever there is none, after pauses that grow to `longest`
   * milliseconds. `failed` hears why somebody could not be had.
   */
  keep({ longest = 10_000, failed }: { longest?: number; failed?(error: HeddleError): void } = {}): void {
    let pause = 0
    const again = (): void => {
      if (this.#closed) return
      const wait = pause * (0.75 + Math.random() / 2)
      pause = Math.min(Math.max(LONGEST_PAUSE, 2 * pause), longest)
      this.#keeping = setTimeout(dial, wait)
    }
    const gone = (why: HeddleError): void => {
      if (!this.#closed) failed?.(why)
      again()
    }
    const dial = (): void => {
      if (this.#closed) return
      this.link().then(
        link => {
          const began = performance.now()
          link.over.then(why => {
            // Who takes a link and ends it at once is dialled no more often than who takes none.
            if (performance.now() - began > LASTING) pause = 0
            gone(why)
          })
        },
        error => gone(toHeddleError(error)),
      )
    }
    dial()
  }

  /** From now on nobody but this one is dialled. */
  pin(peer: Address): void {
    this.#to = peer
  }

  /** Ends the link, and dials no more. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#keeping)
    this.#link?.close()
  }

  async #dial(going?: Link): Promise<Link> {
    const { identity, connect, seal = 'aes-256-gcm' } = this.#options
    const connection = await connect().catch(cause => {
      throw isHeddleError(cause) ? cause : new HeddleError('link_lost', (cause as Error).message, { cause })
    })
    // Above all that this key has dialled with, also in a program before this one.
    this.#generation = Math.max(this.#generation + 1, Date.now())
    const shaken = await shakeAsDialler(connection, {
      identity,
      ...(this.#to && { to: this.#to }),
      generation: this.#generation,
      resumes: going ? { received: going.received, session: going.session } : null,
      seal,
      milliseconds: this.#limits.handshake,
    }).catch(error => {
      if (isHeddleError(error, 'link_fenced'))
        this.#generation = Math.min(newestOf(error) ?? this.#generation, Date.now() + AHEAD)
      throw error
    })
    if (this.#closed || going?.error) {
      connection.close()
      throw new HeddleError('link_lost', 'nobody waits for this connection any more')
    }
    return this.#attach(connection, shaken, going)
  }

  #attach(connection: Connection, { peer, session, records, arrived }: Shaken, going: Link | undefined): Link {
    this.#attachedAt = performance.now()
    const { onStream, onLink, onDrop, onOver } = this.#options
    const isSame = going?.session === session && going.peer === peer && arrived !== null
    if (isSame) {
      going.attach(connection, records, arrived)
      return going
    }
    going?.fail(new HeddleError('link_lost', 'the other side has forgotten this session'))
    const link = new Link({
      side: 'dial',
      peer,
      session,
      limits: this.#limits,
      onStream,
      onDrop: one => {
        void this.#again(one)
        onDrop?.(one)
      },
      ...(onOver && { onOver }),
    })
    this.#link = link
    onLink?.(link)
    link.attach(connection, records, 0)
    return link
  }

  /** Dials until the session goes on, or its patience is over. */
  async #again(going: Link): Promise<void> {
    // A connection that was made and is gone at once is no better than none.
    if (performance.now() - this.#attachedAt > LASTING) this.#pause = 0
    while (!going.error && !this.#closed) {
      const pause = this.#pause * (0.75 + Math.random() / 2)
      this.#pause = Math.min(Math.max(PAUSE, 2 * this.#pause), LONGEST_PAUSE)
      if (pause > 0) await new Promise(resolve => setTimeout(resolve, pause))
      if (going.error || this.#closed) return
      try {
        await this.#dial(going)
        return
      } catch (error) {
        if (!isHeddleError(error, 'link_unauthentic') && !isHeddleError(error, 'link_wrong_chain')) continue
        // Who is meant may be at another address, and is waited for as long as the session's patience lasts.
        if ((this.#options.addresses?.() ?? 1) === 1) going.fail(error)
      }
    }
  }
}

function newestOf({ cause }: HeddleError): number | undefined {
  const newest = (cause as { newest?: unknown } | undefined)?.newest
  return typeof newest === 'number' ? newest : undefined
}
