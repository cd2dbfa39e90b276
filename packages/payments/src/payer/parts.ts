import type { Ledger } from '@heddle/ledger'
import type { Signer, TokenDomain } from '@heddle/protocol'
import type { Accounts } from '../accounts.ts'
import type { Followed } from '../chain/followed.ts'
import type { Account } from './account.ts'

export type PayerOptions = {
  ledger: Ledger
  followed: Followed
  /** Owns the money; signs deposits only. */
  payer: Signer
  /** Signs vouchers and jobs. */
  authorizer: Signer
  tokenDomain(token: `0x${string}`): Promise<TokenDomain>
  /** Milliseconds that a job waits for others to make room. */
  patience?: number
  /** Channels with one provider that may hold a deposit of which nothing was charged: each new one locks another. */
  unused?: number
}

/** What every side of a payer works on. */
export type Parts = PayerOptions & { accounts: Accounts<Account> }
