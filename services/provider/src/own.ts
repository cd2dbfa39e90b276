import { type Address, type Channel, HeddleError } from '@heddle/protocol'

/** The house's own gateway: it is served for nothing, and before everybody who pays. */
export type Own = {
  payer: Address
  /** Anybody can name a payer in a channel; only the holder of this key can sign under it. */
  payerAuthorizer: Address
  /** Places of the offers' concurrency that are never sold. */
  reserve: number
}

/** Whether a job's channel is the own payer's. Throws `offer_unknown`, for whom such an offer was never made. */
export function checkOwn(own: Own | undefined, { payer, payerAuthorizer }: Channel): void {
  if (!own || payer !== own.payer || payerAuthorizer !== own.payerAuthorizer) {
    throw new HeddleError('offer_unknown', 'this offer is for another payer')
  }
}
