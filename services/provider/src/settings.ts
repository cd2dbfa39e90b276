import type { Address, Digest } from '@heddle/protocol'

/** A provider's keys: separate, so that a stolen one costs little. */
export const providerKeyNames = ['receiver', 'receiverAuthorizer', 'receipt', 'gas'] as const

/** What a provider process is started with. Amounts are decimal strings of base units, times milliseconds. */
export type ProviderSettings = {
  name: string
  /** The folder of this provider alone. */
  home: string
  port: number
  chainUrl: string
  chainId: number
  asset: Address
  engine: {
    model: { name: string; path: string; digest: Digest }
    models: string
    concurrency: number
    threads: number
    context: number
  }
  prices: Record<string, string>
  limits: Record<string, number>
  exposure: string
  minDeposit: string
  /** Seconds. */
  withdrawDelay: number
  claim: { threshold: string; tick: number; sweep: number }
  adminToken: string
}
