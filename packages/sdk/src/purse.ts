import type { Write } from '@heddle/ledger'
import type { Digest, JobRequest } from '@heddle/protocol'

/** What a purse gave for one job. */
export type Hold = {
  /** Most that the job may be charged. */
  amount: bigint
  /** The writes that turn the hold into spending; called in the same breath as the receipt's commit. */
  spend(charge: bigint): Write[]
  /** Gives the hold back. */
  release(): void
}

/** Whether own engines or the network are asked, and which first. */
export const POLICIES = ['own-first', 'own-only', 'network-only', 'cheapest'] as const
export type Policy = (typeof POLICIES)[number]

/** Whose money a question spends: a gateway's API key with a cap, or a wallet without one. */
export type Purse = {
  id: string | null
  /** `own-first` when absent. */
  policy?: Policy
  /** Now and then another provider than the one that knows its beginnings is asked: none has it to itself. */
  wanders?: boolean
  /** A new job's nonce, as random as any, by which its asker is known again; only random where it is left out. */
  nonceFor?(job: Omit<JobRequest, 'nonce'>): Digest
  /** Holds up to `most`, at least `least`. Throws `cap_reached`, and `cap_held` for what only runs now. */
  hold(most: bigint, least: bigint): Hold
}

/** A purse without a cap: the channel's deposit is the limit. */
export const openPurse: Purse = {
  id: null,
  hold: most => ({ amount: most, spend: () => [], release: () => undefined }),
}
