import type { EdgeLimits, Reach } from '@heddle/daemon'
import type { LinkSettings } from '@heddle/link'
import type { Address } from '@heddle/protocol'
import type { ConsumingTuning, Known } from '@heddle/sdk'

/** A gateway's keys: the payer owns the money, its authorizer signs vouchers, gas pays for what it has the chain witness. */
export const gatewayKeyNames = ['payer', 'payerAuthorizer', 'gas'] as const

/** What an owner may set of a gateway; each is as usual where it is left out. Times are milliseconds. */
export type GatewayTuning = {
  /** Where its people reach it: on this machine alone where it is left out. */
  reach?: Reach
  /** What is read of a request, and how long is waited for it and for whoever takes its answer. */
  edge?: Partial<EdgeLimits>
  /** Where a watcher tells the honest rates that it found, until one says so by itself: a URL. */
  watcher?: string
  /** The console's built files, where there are any. */
  console?: string
  /** Silence after which a stream says that it lives; 0: never. */
  ping?: number
  /** What others may do on links, and how long they are waited for. */
  link?: LinkSettings
  /** How it buys. */
  consuming?: ConsumingTuning
}

/** What a gateway process is started with. Amounts are decimal strings of base units. */
export type GatewaySettings = {
  home: string
  port: number
  chainUrl: string
  chainId: number
  asset: Address
  providers: Known[]
  cap: string
  deposit: string
  adminToken: string
} & GatewayTuning
