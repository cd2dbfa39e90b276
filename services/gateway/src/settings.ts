import type { EdgeLimits, Reach } from '@heddle/daemon'
import type { LinkSettings } from '@heddle/link'
import type { Address } from '@heddle/protocol'
import type { AnswerLimits, Known, Limits } from '@heddle/sdk'

/** A gateway's keys: the payer owns the money, its authorizer signs vouchers, gas pays for what it has the chain witness. */
export const gatewayKeyNames = ['payer', 'payerAuthorizer', 'gas'] as const

/** What a gateway process is started with. Amounts are decimal strings of base units. */
export type GatewaySettings = {
  home: string
  port: number
  /** Where its people reach it: on this machine alone where it is left out. */
  reach?: Reach
  /** What is read of a request, and how long is waited for it and for whoever takes its answer; the usual where it is left out. */
  edge?: EdgeLimits
  chainUrl: string
  /** Milliseconds between looks at the chain. */
  chainLook?: number
  chainId: number
  asset: Address
  providers: Known[]
  cap: string
  deposit: string
  /** The URL of a watcher whose rates are shown and can be required. */
  watcher?: string
  console?: string
  adminToken: string
  /** Milliseconds of silence after which a stream says that it lives; 0: never. */
  ping?: number
  /** How long a provider is waited for. */
  limits?: Partial<Limits>
  /** What is read of a provider's answers. */
  answers?: Partial<AnswerLimits>
  /** What others may do on links, and how long they are waited for. */
  link?: LinkSettings
  /** How many questions may wait for a place, with how many bytes, and for how many milliseconds. */
  queue?: number
  queueBytes?: number
  queueWait?: number
  /** Milliseconds that a running job waits for others on its channel to make room. */
  patience?: number
  /** Channels with one provider that may hold a deposit of which nothing was charged. */
  unusedChannels?: number
  /** How often the claims of one channel are witnessed on the chain. */
  claimWitnesses?: number
}
