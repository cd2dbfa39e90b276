import type { Row } from '@heddle/ledger'
import {
  type Channel,
  canonical,
  type Hex,
  type Offer,
  recoverVoucher,
  SETTLEMENT_ADDRESS,
  type SignedJob,
  type SignedReceipt,
} from '@heddle/protocol'
import {
  type Authorization,
  authorizationSchema,
  recoverTransfer,
  transferChannel,
  transferNonce,
  voucherNonce,
} from '../x402/transfer.ts'
import type { Findings } from './finding.ts'
import type { Book } from './rows.ts'
import type { Witness } from './witness.ts'

/** What is paid over x402, by its channel. */
export const x402Of = ({ ledger }: Pick<Book, 'ledger'>): ReadonlyMap<string, Row<'x402'>> =>
  new Map(ledger.x402.map(row => [row.channel, row]))

const authorizationOf = ({ authorization }: Row<'x402'>): Authorization =>
  authorizationSchema.parse(JSON.parse(authorization ?? 'null')) as Authorization

/** What says how a channel is paid: a channel that is there, or a transfer that the chain has made. */
export function checkX402({ name, side, ledger }: Book, witness: Witness, findings: Findings): void {
  const channels = new Set(ledger.channels.map(row => row.id))
  for (const row of ledger.x402) {
    findings.row(name, 'x402', row.channel, check => {
      check(side === 'paid', 'only a provider sells over x402')
      if (row.scheme === 'batch-settlement') {
        check(channels.has(row.channel), 'no such channel')
        check(row.authorization === null && row.finish === null, 'a channel is paid by vouchers alone')
        return
      }
      check(row.scheme === 'exact', `scheme is ${row.scheme}`)
      const authorization = authorizationOf(row)
      check(canonical(authorization) === row.authorization, 'the authorization is not in its canonical form')
      const id = transferChannel(witness.chainId, witness.asset, authorization)
      check(id === row.channel, 'the id is not the one of the authorization')
      const jobs = ledger.jobs.filter(job => job.channel === row.channel)
      check(jobs.length === 1, `one authorization stands behind ${jobs.length} jobs`)
      check(['stop', 'length', 'interrupted'].includes(row.finish ?? ''), `finish is ${row.finish}`)
      const moved = witness.moved.has(row.channel as Hex)
      check(jobs[0]?.state !== 'failed' || !moved, 'a transfer was made for a job that failed')
      const receipts = ledger.receipts.filter(one => one.channel === row.channel)
      check(receipts.length < 2, 'one authorization has two receipts')
      const stored = receipts[0]
      if (!stored) return
      const { receipt } = JSON.parse(stored.signed) as SignedReceipt
      check(moved, 'the chain has made no such transfer')
      check(receipt.finish === row.finish, 'the finish is not the one of the receipt')
      check(receipt.charge === authorization.value, 'the charge is not what was transferred')
      check(receipt.charged === receipt.charge && receipt.sequence === '1', 'a transfer pays once')
    })
  }
}

/** Whether the payer signed for a job over x402: under a voucher that ends where the job may, or by a transfer. */
export function isPaidFor(
  row: Row<'x402'>,
  { job, path, signature }: SignedJob,
  offer: Offer,
  channel: Row<'channels'> | undefined,
  receipt: { charge: string; charged: string } | undefined,
  witness: Witness,
): boolean {
  if (path) return false
  if (row.scheme === 'exact') {
    const authorization = authorizationOf(row)
    return (
      recoverTransfer(witness.tokenDomain, authorization, signature) === authorization.from &&
      transferNonce(authorization, signature) === job.nonce &&
      authorization.value === job.limit &&
      authorization.to === offer.receiver
    )
  }
  if (!channel) return false
  const before = receipt ? BigInt(receipt.charged) - BigInt(receipt.charge) : channel.charged
  const voucher = { channel: job.channel, ceiling: (before + BigInt(job.limit)).toString(), signature }
  const domain = { chainId: witness.chainId, settlement: SETTLEMENT_ADDRESS }
  const { payerAuthorizer } = JSON.parse(channel.config) as Channel
  return voucherNonce(voucher) === job.nonce && recoverVoucher(domain, voucher) === payerAuthorizer
}
