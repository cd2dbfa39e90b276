import {
  type Connection,
  Dialler,
  type Identity,
  type Link,
  type LinkLimits,
  type Seal,
  type Stream,
} from '@heddle/link'
import { dialWebSocket } from '@heddle/link/node'
import type { Address } from '@heddle/protocol'
import { type AnswerLimits, USUAL_ANSWERS } from './answers.ts'
import { MOST_EVIDENCE } from './evidence-leaves.ts'
import { ProviderClient } from './provider-client.ts'

/** What a message has besides what it tells. */
const FRAMING = 1 << 16

export type DialOptions = {
  /** Who asks: the key that signs its jobs, and where signatures count. */
  identity: Identity
  /** The provider's key, where it is known. */
  pinned?: Address | undefined
  seal?: Seal
  limits?: AnswerLimits
  /** What the provider may do on its link, and how long it is waited for. */
  linkLimits?: Partial<LinkLimits>
  /** Whom this party has dialled already, where it dials many. */
  dialled?: Dialled
}

/** One way to a provider: the addresses at which it is dialled, in turn. */
type Way = {
  client: ProviderClient
  dialler: Dialler
  seal: Seal | undefined
  addresses: string[]
  /** Who is there: the owner's word, or whoever was there first. */
  peer: Address | undefined
  link: Link | undefined
}

/**
 * Whom one party has dialled. A provider under two addresses, at home and in public say, is one provider, and has one link with
 * each party: a second would end the first, and what runs on it. So the first way that led to it is the way to it, and goes over the
 * other addresses where its own fail. Whoever only lets through what a provider says comes to be no more than one of its last addresses.
 */
export class Dialled {
  readonly #ways = new Set<Way>()
  readonly #first = new Map<Address, Way>()

  add(way: Way): void {
    this.#ways.add(way)
    if (way.peer) this.#join(way, way.peer)
  }

  /** A link was made. Nobody else is taken for this one at any of the addresses from now on. */
  made(way: Way, link: Link): void {
    way.peer = link.peer
    way.link = link
    way.dialler.pin(link.peer)
    const first = this.#join(way, link.peer)
    // The other side has ended that one for this.
    if (first !== way) first.link?.close()
  }

  /** The link with whoever is there. Throws why nobody can be reached. */
  async link(way: Way): Promise<Link> {
    const asked = this.#firstOf(way)
    const link = await asked.dialler.link()
    const first = this.#firstOf(way)
    if (first === asked) return link
    // Who is there was reached before, on a way of its own.
    link.close()
    return first.dialler.link()
  }

  /** Tells all that use a link that its connection is gone. */
  dropped(link: Link): void {
    for (const { client, peer } of this.#ways) if (peer === link.peer) client.dropped(link)
  }

  /** A way that others use as well stays as long as they do. */
  close(way: Way): void {
    this.#ways.delete(way)
    const first = this.#firstOf(way)
    if (first !== way) way.dialler.close()
    if (way.peer && [...this.#ways].some(({ peer }) => peer === way.peer)) return
    if (way.peer) this.#first.delete(way.peer)
    first.dialler.close()
  }

  #firstOf(way: Way): Way {
    return (way.peer && this.#first.get(way.peer)) ?? way
  }

  #join(way: Way, peer: Address): Way {
    const first = this.#first.get(peer)
    // An engine of this house is on this machine, and nobody stands between.
    if (!first || way.seal === 'none') this.#first.set(peer, way)
    // Plain records are for this machine alone.
    else if (first !== way && first.seal === way.seal)
      first.addresses.push(...way.addresses.filter(one => !first.addresses.includes(one)))
    return this.#first.get(peer)!
  }
}

/** A client of a provider that can be reached: this side dials. */
export function dialProvider(
  endpoint: string,
  { identity, pinned, seal, limits = USUAL_ANSWERS, linkLimits = {}, dialled = new Dialled() }: DialOptions,
): ProviderClient {
  const dialler = new Dialler({
    identity,
    ...(pinned ? { to: pinned } : {}),
    ...(seal ? { seal } : {}),
    connect: () => dialOne(way.addresses),
    addresses: () => way.addresses.length,
    ...askingOnly(limits, linkLimits),
    onLink: link => dialled.made(way, link),
    onDrop: link => dialled.dropped(link),
  })
  const source = { link: () => dialled.link(way), close: () => dialled.close(way) }
  const client = new ProviderClient(endpoint, source, limits)
  const way: Way = { client, dialler, seal, addresses: [endpoint], peer: pinned, link: undefined }
  dialled.add(way)
  return client
}

/**
 * A connection with an address at which somebody is. The next is made with another, if there is one: whoever answers here may not be who is
 * meant. Throws why the last one was none.
 */
async function dialOne(addresses: string[]): Promise<Connection> {
  let failure: unknown
  for (const address of [...addresses]) {
    addresses.push(addresses.shift()!)
    try {
      return await dialWebSocket(address)
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

/**
 * A payer's side of a link: a provider asks nothing of it. The longest message is a list that may have `bytes`, or what opens an answer,
 * which is held to its own bound once it is here.
 */
export const askingOnly = ({ bytes }: AnswerLimits, linkLimits: Partial<LinkLimits> = {}) => ({
  onStream: (stream: Stream): void => stream.reset('bad_request'),
  limits: { ...linkLimits, message: Math.max(bytes, MOST_EVIDENCE) + FRAMING, streams: 0 },
})
