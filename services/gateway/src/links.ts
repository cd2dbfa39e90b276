import { Answerer, type Identity, type LinkSettings } from '@heddle/link'
import { answerUpgrades, LINK_PATH } from '@heddle/link/node'
import { type Address, HeddleError, type Log } from '@heddle/protocol'
import {
  type AnswerLimits,
  askingOnly,
  Dialled,
  dialProvider,
  type Known,
  ProviderClient,
  USUAL_ANSWERS,
} from '@heddle/sdk'

export type LinksOptions = {
  /** Who this gateway is on a link: the key that signs its jobs. */
  identity: Identity
  /** Whether a provider that dials in is one that this gateway asks. */
  knows(peer: Address): boolean
  /** Told of a provider that has dialled in. */
  arrived(peer: Address): Promise<void>
  answers?: Partial<AnswerLimits>
  link?: LinkSettings
  log: Log
}

/** The links of a gateway: those that it dials, and those of providers that dial in because nobody can reach them. */
export function openLinks({ identity, knows, arrived, answers, link = {}, log }: LinksOptions) {
  const { most, memory, handshakes, ...linkLimits } = link
  const clients = new Map<Address, ProviderClient>()
  const dialled = new Dialled()
  const answerer = new Answerer({
    identity,
    ...askingOnly({ ...USUAL_ANSWERS, ...answers }, linkLimits),
    ...(most ? { most } : {}),
    ...(memory ? { memory } : {}),
    onLink({ peer }) {
      if (!knows(peer)) throw new HeddleError('link_refused', `${peer} is not asked here`)
      log.info('provider dialled in', { peer })
      arrived(peer).catch(error => log.warn('provider not ready', { peer, error: String(error) }))
    },
    onDrop: link => clients.get(link.peer)?.dropped(link),
  })
  const upgrade = answerUpgrades(answerer, {
    ...(handshakes ? { most: handshakes } : {}),
    refused: error => log.info('link refused', { error: (error as Error).message }),
  })
  return {
    /** How a provider is talked to: as {@link Book} asks for it. */
    clientOf({ endpoint, pinned, own }: Known, limits: AnswerLimits): ProviderClient {
      // Own engines are on this machine.
      if (endpoint !== undefined)
        return dialProvider(endpoint, {
          identity,
          pinned,
          limits,
          linkLimits,
          dialled,
          ...(own ? { seal: 'none' } : {}),
        })
      if (!pinned) throw new HeddleError('setting_invalid', 'a provider has an endpoint, or a key by which it dials in')
      const client = new ProviderClient(
        `${pinned} dials in`,
        { link: () => dialledIn(answerer, pinned), close() {} },
        limits,
      )
      clients.set(pinned, client)
      return client
    },
    /** Answers whoever dials in, over HTTP's upgrade. */
    upgrade: { path: LINK_PATH, handle: upgrade },
    close: () => answerer.close(),
  }
}

async function dialledIn(answerer: Answerer, peer: Address) {
  const link = answerer.link(peer)
  if (!link) throw new HeddleError('link_lost', `${peer} has not dialled in`)
  return link
}
