import type { GatewayTuning } from '@heddle/gateway/settings'
import { given } from '@heddle/protocol'
import type { ProviderTuning } from '@heddle/provider/settings'
import type { Settings } from './options.ts'

type Told = Partial<Settings>

/** What a house was told, in the words of its providers. */
export const providerTuning = (told: Told): ProviderTuning => ({
  // A gateway that reads for a slow client takes nothing from its provider while that one takes what is there.
  edge: given({ ...edgeOf(told), unread: told.unread && 4 * told.unread }),
  link: linkOf(told),
  ...given({
    chainLook: told.chainLook,
    ping: told.ping,
    counts: told.counts,
    countsAtOnce: told.countsAtOnce,
    patience: told.raiseWait,
    namedChannels: told.namedChannels,
    ...queueOf(told),
  }),
})

/** The same in the words of its gateway. */
export const gatewayTuning = (told: Told): GatewayTuning => ({
  edge: given({ ...edgeOf(told), unread: told.unread }),
  link: linkOf(told),
  ...given({ ping: told.ping }),
  consuming: {
    answers: given({
      offers: told.providerOffers,
      bytes: told.providerAnswer,
      wait: told.providerWait,
      grace: told.linkGrace,
    }),
    limits: given({
      firstByte: told.firstByte,
      silence: told.silence,
      longest: told.longest,
      longestOwn: told.longestOwn,
      idleMessages: told.idleMessages,
    }),
    ...given({
      chainLook: told.chainLook,
      unusedChannels: told.unusedChannels,
      claimWitnesses: told.claimWitnesses,
      // What its own jobs need of each other comes before a provider gives up on them.
      patience: told.raiseWait && Math.floor(told.raiseWait * 0.8),
      ...queueOf(told),
    }),
  },
})

const queueOf = ({ queue, queueBytes, queueWait }: Told) => ({ queue, queueBytes, queueWait })

const edgeOf = ({ bodyLimit, bodyNames, requestWait }: Told) => ({
  bytes: bodyLimit,
  names: bodyNames,
  arrival: requestWait,
})

const linkOf = (told: Told): NonNullable<GatewayTuning['link']> =>
  given({
    most: told.links,
    memory: told.linkMemory,
    handshakes: told.linkHandshakes,
    streams: told.linkStreams,
    held: told.linkHeld,
    unconfirmed: told.linkUnconfirmed,
    silence: told.linkSilence,
    patience: told.linkWait,
    gather: told.linkGather,
  })
