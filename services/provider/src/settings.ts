import type { EdgeLimits, Reach } from '@heddle/daemon'
import type { LinkSettings } from '@heddle/link'
import type { Address } from '@heddle/protocol'
import type { ProviderEngines } from '@heddle/workloads/workers'
import type { Own } from './own.ts'

/** A provider's keys: separate, so that a stolen one costs little. */
export const providerKeyNames = ['receiver', 'receiverAuthorizer', 'receipt', 'gas'] as const

/** What an owner may set of a provider; each is as usual where it is left out. Times are milliseconds. */
export type ProviderTuning = {
  /** Where strangers reach it: on this machine alone where it is left out. */
  reach?: Reach
  /** What is read of a request, and how long is waited for it and for whoever takes its answer. */
  edge?: Partial<EdgeLimits>
  /** Between looks at the chain. */
  chainLook?: number
  /** Silence after which a stream says that it lives; 0: never. */
  ping?: number
  /** Whom this provider serves for nothing and first: the gateway of its own house. */
  own?: Own
  /** False: it serves nobody else. */
  sell?: boolean
  /** Gateways that this provider dials, because they cannot reach it: URLs. */
  dial?: readonly string[]
  /** What others may do on links, and how long they are waited for. */
  link?: LinkSettings
  /** How many jobs may wait for a place (512), with how many bytes (256 MiB), and how long (540,000). */
  queue?: number
  queueBytes?: number
  queueWait?: number
  /** How many inputs are counted for one payer in a minute, and for all at one time. */
  counts?: number
  countsAtOnce?: number
  /** How many channels are remembered while nothing was signed or deposited on them (1,000). */
  namedChannels?: number
  /** How long a payer may take to raise a ceiling (5,000). */
  patience?: number
}

/** What a provider process is started with. Amounts are decimal strings of base units. */
export type ProviderSettings = {
  name: string
  /** The folder of this provider alone. */
  home: string
  port: number
  chainUrl: string
  chainId: number
  asset: Address
  /** The built-in engine, engines that run already, or several of them. */
  engine: ProviderEngines
  prices: Record<string, string>
  limits: Record<string, number>
  exposure: string
  minDeposit: string
  /** Seconds. */
  withdrawDelay: number
  claim: { threshold: string; tick: number; sweep: number }
  adminToken: string
} & ProviderTuning
