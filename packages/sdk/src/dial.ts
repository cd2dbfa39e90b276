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
import { ProviderClient } from './provider-client.ts'

/** Bytes of one message: an answer of JSON comes in one. */
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

/** How one provider is dialled: at these addresses, in turn. */
type Way = {
  client: ProviderClient
  dialler: Dialler
  seal: Seal | undefined
  addresses: string[]
  peer: Address | undefined
}

/**
 * Whom one party has dialled. A provider under two addresses, at home and in public say, is one provider, and has one link with
 * each party: a second would end the first, and what runs on it. So both addresses lead to the one link, and it goes on over
 * whichever of them works.
 */
export class Dialled {
  readonly #ways = new Set<Way>()
  readonly #newest = new Map<Address, Way>()

  add(way: Way): void {
    this.#ways.add(way)
  }

  /** It was dialled, and `peer` is there. */
  made(way: Way, peer: Address): void {
    const before = this.#newest.get(peer)
    way.peer = peer
    // Plain records are for this machine alone.
    if (before && before !== way && before.seal === way.seal) {
      way.addresses = [...new Set([...way.addresses, ...before.addresses])]
      // Whoever comes to be at one of them is not taken for this one.
      way.dialler.pin(peer)
    }
    this.#newest.set(peer, way)
  }

  /** The link with whoever is there. Throws why nobody can be reached. */
  link(way: Way): Promise<Link> {
    return ((way.peer && this.#newest.get(way.peer)) ?? way).dialler.link()
  }

  /** Tells all that use a link that its connection is gone. */
  dropped(link: Link): void {
    for (const { client, peer } of this.#ways) if (peer === link.peer) client.dropped(link)
  }

  close(way: Way): void {
    this.#ways.delete(way)
    if (way.peer && this.#newest.get(way.peer) === way) this.#newest.delete(way.peer)
    way.dialler.close()
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
    ...askingOnly(limits, linkLimits),
    onLink: ({ peer }) => dialled.made(way, peer),
    onDrop: link => dialled.dropped(link),
  })
  const source = { link: () => dialled.link(way), close: () => dialled.close(way) }
  const client = new ProviderClient(endpoint, source, limits)
  const way: Way = { client, dialler, seal, addresses: [endpoint], peer: pinned }
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

/** A payer's side of a link: a provider asks nothing of it, and answers so much at once. */
export const askingOnly = ({ bytes }: AnswerLimits, linkLimits: Partial<LinkLimits> = {}) => ({
  onStream: (stream: Stream): void => stream.reset('bad_request'),
  limits: { ...linkLimits, message: bytes + FRAMING, streams: 0 },
})
