import { Answerer, Dialler, type Identity, type LinkSettings } from '@heddle/link'
import { answerUpgrades, dialWebSocket, LINK_PATH } from '@heddle/link/node'
import type { Log } from '@heddle/protocol'
import { answerCalls, type LinkCalls } from './answer.ts'

export type LinksOptions = LinkCalls & {
  /** Who this provider is on a link: the key that signs its offers. */
  identity: Identity
  /** Gateways that it dials, because they cannot reach it: URLs. */
  gateways: readonly string[]
  settings: LinkSettings
  log: Log
}

/** What a message may have above the limit of what it holds, so that its sender is told which limit that is: bytes. */
const MESSAGE_SPARE = 1 << 20

/** The links of a provider: those of gateways that dial it, and those with gateways that cannot reach it. */
export function openLinks({ identity, gateways, settings, log, ...calls }: LinksOptions) {
  const { most, memory, handshakes, ...limits } = settings
  const answering = {
    identity,
    limits: { ...limits, message: calls.limits.bytes + MESSAGE_SPARE },
    onStream: answerCalls({ ...calls, log }),
  }
  const answerer = new Answerer({ ...answering, plain: true, ...(most ? { most } : {}), ...(memory ? { memory } : {}) })
  const upgrade = answerUpgrades(answerer, {
    ...(handshakes ? { most: handshakes } : {}),
    refused: error => log.info('link refused', { error: (error as Error).message }),
  })
  const diallers = gateways.map(url => {
    const onLink = ({ peer }: { peer: string }): void => log.info('gateway dialled', { url, peer })
    return { url, dialler: new Dialler({ ...answering, connect: () => dialWebSocket(url), onLink }) }
  })
  return {
    /** Answers whoever dials in, over HTTP's upgrade. */
    upgrade: { path: LINK_PATH, handle: upgrade },
    /** Dials its gateways, and again whenever one is away. */
    dial(): void {
      for (const { url, dialler } of diallers)
        dialler.keep({
          failed: error => log.warn('gateway not dialled', { url, code: error.code, error: error.message }),
        })
    },
    close(): void {
      for (const { dialler } of diallers) dialler.close()
      answerer.close()
    },
  }
}
