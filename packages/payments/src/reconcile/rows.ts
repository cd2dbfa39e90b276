import { type Row, type Snapshot, splitLeaves } from '@heddle/ledger'
import {
  askedAt,
  type Channel,
  canonical,
  channelId,
  type Domain,
  digestOf,
  digestOfJson,
  EVIDENCE_LIFETIME,
  evidenceRoot,
  type Hex,
  jobId,
  type Offer,
  offerDigest,
  offerSchema,
  readOffer,
  recoverJob,
  recoverVoucher,
  SETTLEMENT_ADDRESS,
  type SignedJob,
  type SignedReceipt,
  signedJobSchema,
  verifyReceipt,
} from '@heddle/protocol'
import { recoverGrant } from '../payer/grant.ts'
import type { Findings } from './finding.ts'
import type { Witness } from './witness.ts'
import { isPaidFor, x402Of } from './x402.ts'

/** A ledger and who keeps it. */
export type Book = { name: string; side: 'paying' | 'paid'; ledger: Snapshot }

type Check = (holds: boolean, problem: string) => void

/** A channel's config, or nothing where the row does not hold one: that is a finding of its own. */
export function configOf(row: Row<'channels'> | undefined): Channel | undefined {
  try {
    return row && (JSON.parse(row.config) as Channel)
  } catch {
    return undefined
  }
}

const domainOf = (witness: Witness): Domain => ({ chainId: witness.chainId, settlement: SETTLEMENT_ADDRESS })

/** Text that is exactly the canonical form of its value. */
function exact<T>(text: string, check: Check, what: string): T {
  const value = JSON.parse(text) as T
  check(canonical(value) === text, `${what} is not in its canonical form`)
  return value
}

/** Channels: the id is the hash of the config, the signature is the payer's, the sums are those of the receipts. */
export function checkChannels({ name, side, ledger }: Book, witness: Witness, findings: Findings): void {
  for (const row of ledger.channels) {
    findings.row(name, 'channels', row.id, check => {
      const channel = exact<Channel>(row.config, check, 'the config')
      check(row.side === side, `side is ${row.side}, not ${side}`)
      check(channelId(domainOf(witness), channel) === row.id, 'the id is not the hash of the config')
      checkVoucher(row, channel, witness, check)
      const receipts = ledger.receipts.filter(one => one.channel === row.id).sort((a, b) => a.sequence - b.sequence)
      const gapless = receipts.every((one, i) => one.sequence === i + 1)
      check(gapless, 'the receipts have a gap')
      check(row.sequence === receipts.length, `sequence is ${row.sequence}, there are ${receipts.length} receipts`)
      const sum = receipts.reduce((total, one) => total + one.charge, 0n)
      check(row.charged === sum, `charged is ${row.charged}, the receipts sum to ${sum}`)
      check(row.charged <= row.ceiling, 'charged above the ceiling')
      const { balance = 0n, claimed = 0n } = witness.channels.get(row.id as Hex) ?? {}
      check(row.ceiling <= balance || balance === 0n, `the ceiling ${row.ceiling} is above the deposit ${balance}`)
      check(claimed <= row.charged, `claimed ${claimed} on chain, charged ${row.charged}`)
      if (side === 'paid') {
        check(row.counterparty === channel.payer, 'the counterparty is not the payer')
        check(row.deposit === null, 'a paid side signs no deposits')
      }
    })
  }
}

function checkVoucher(row: Row<'channels'>, channel: Channel, witness: Witness, check: Check): void {
  // A free offer is worked for under a signed ceiling of zero, which only the payer keeps.
  if (row.ceiling === 0n && row.signature === '') return
  const voucher = { channel: row.id as Hex, ceiling: row.ceiling.toString(), signature: row.signature as Hex }
  check(
    recoverVoucher(domainOf(witness), voucher) === channel.payerAuthorizer,
    'the voucher is not signed by the payer',
  )
}

/** Receipts: signed by the provider, and stored as what they say. */
export function checkReceipts({ name, ledger }: Book, keys: ReadonlyMap<string, Hex>, findings: Findings): void {
  const apiKeys = new Set(ledger.keys.map(key => key.id))
  for (const row of ledger.receipts) {
    findings.row(name, 'receipts', row.id, check => {
      const signed = exact<SignedReceipt>(row.signed, check, 'the receipt')
      const key = keys.get(row.channel)
      check(key !== undefined, 'no such channel')
      const { receipt } = verifyReceipt(signed, key ?? signed.receipt.provider)
      check(receipt.id === row.id, 'the id is not the one of the receipt')
      check(receipt.channel === row.channel, 'the channel is not the one of the receipt')
      check(receipt.sequence === String(row.sequence), 'the sequence is not the one of the receipt')
      check(receipt.charge === row.charge.toString(), 'the charge is not the one of the receipt')
      check(row.apiKey === null || apiKeys.has(row.apiKey), 'no such API key')
      check(
        ledger.jobs.some(job => job.id === row.id),
        'a receipt without its job',
      )
    })
  }
}

/** Refused receipts: signed by the provider of the channel on which they came, and not among those that count. */
export function checkRefused({ name, side, ledger }: Book, keys: ReadonlyMap<string, Hex>, findings: Findings): void {
  for (const row of ledger.refused) {
    findings.row(name, 'refused', row.digest, check => {
      check(side === 'paying', 'only a payer refuses receipts')
      const signed = exact<SignedReceipt>(row.signed, check, 'the receipt')
      const key = keys.get(row.channel)
      check(key !== undefined, 'no such channel')
      const { receipt } = verifyReceipt(signed, key ?? signed.receipt.provider)
      check(digestOfJson(receipt) === row.digest, 'the digest is not the one of the receipt')
      check(receipt.sequence === row.sequence, 'the sequence is not the one of the receipt')
      const taken = ledger.receipts.find(one => one.id === receipt.id)
      const same = taken && canonical((JSON.parse(taken.signed) as SignedReceipt).receipt) === canonical(receipt)
      check(!same, 'a receipt that counts was refused')
    })
  }
}

/** Evidence: what its receipt names, for as long as it has to be kept. */
export function checkEvidence({ name, ledger }: Book, findings: Findings): void {
  const receipts = new Map(ledger.receipts.map(row => [row.id, row]))
  for (const row of ledger.evidence) {
    findings.row(name, 'evidence', row.id, check => {
      const stored = receipts.get(row.id)
      if (!stored) return check(false, 'evidence without its receipt')
      const { receipt } = JSON.parse(stored.signed) as SignedReceipt
      check(evidenceRoot(splitLeaves(row.leaves)) === receipt.evidence, 'the evidence is not what the receipt names')
      check(row.until === receipt.finished + EVIDENCE_LIFETIME, 'it is kept for another time')
    })
  }
}

/** Jobs: signed by the payer, and settled as their receipt says. Gives how many still run. */
export function checkJobs({ name, side, ledger }: Book, witness: Witness, findings: Findings): number {
  const receipts = new Map(ledger.receipts.map(row => [row.id, row]))
  const channels = new Map(ledger.channels.map(row => [row.id, row]))
  const others = x402Of({ ledger })
  let running = 0
  for (const row of ledger.jobs) {
    findings.row(name, 'jobs', row.id, check => {
      const signed = signedJobSchema.parse(exact(row.request, check, 'the request')) as SignedJob
      const told = exact(row.offer, check, 'the offer')
      // A payer keeps what its provider signed: it may have to show it. One that has run out since still counts.
      const offer = side === 'paying' ? readOffer(told, 0).offer : (offerSchema.parse(told) as Offer)
      const channel = channels.get(row.channel)
      check(jobId(signed.job) === row.id, 'the id is not the digest of the request')
      check(signed.job.channel === row.channel, 'the channel is not the one of the request')
      check(offerDigest(offer) === signed.job.offer, 'the offer is not the one of the request')
      check(side === 'paid' || offer.provider === channel?.counterparty, 'the offer is of another provider')
      const authorizer = configOf(channel)?.payerAuthorizer
      const stored = receipts.get(row.id)
      const other = others.get(row.channel)
      const signedFor = other
        ? isPaidFor(
            other,
            signed,
            offer,
            channel,
            stored && (JSON.parse(stored.signed) as SignedReceipt).receipt,
            witness,
          )
        : recoverJob(domainOf(witness), signed) === authorizer
      check(signedFor, 'the request is not signed by the payer')
      check(
        row.state === 'running' || (row.state === 'done') === (stored !== undefined),
        `state ${row.state} does not fit`,
      )
      const states = ['running', 'done', 'failed', ...(other?.scheme === 'exact' ? ['paying'] : [])]
      check(states.includes(row.state), `state ${row.state} is not one`)
      if (!stored) {
        if (row.state === 'running' || row.state === 'paying') running += 1
        if (row.state === 'failed') {
          check(row.output.length === 0, 'an output of a job that failed')
          check(/^\{("[a-z]+":"0",?)*\}$/.test(row.used), 'usage of a job that failed')
          check(other !== undefined || row.started === askedAt(signed.job), 'the start is not the one that was signed')
          check(row.updated === row.started, 'a failed job has one time')
        }
        return check(row.apiKey === null || ledger.keys.some(key => key.id === row.apiKey), 'no such API key')
      }
      const { receipt } = JSON.parse(stored.signed) as SignedReceipt
      check(row.state === 'done', 'a receipt of a job that is not done')
      check(row.apiKey === stored.apiKey, 'the API key is not the one of the receipt')
      check(row.used === canonical(receipt.usage), 'the usage is not the one of the receipt')
      check(digestOf(row.output) === receipt.output, 'the output is not the one of the receipt')
      const started = side === 'paid' ? receipt.started : askedAt(signed.job)
      check(row.started === started, 'the start is not the one that was signed')
      check(row.updated === receipt.finished, 'the time is not the one of the receipt')
    })
  }
  return running
}

/** API keys: granted by the payer's authorizer, and spent what their receipts charged. */
export function checkKeys({ name, side, ledger }: Book, witness: Witness, findings: Findings): void {
  const authorizer = configOf(ledger.channels[0])?.payerAuthorizer
  for (const row of ledger.keys) {
    findings.row(name, 'keys', row.id, check => {
      check(side === 'paying', 'only a gateway has API keys')
      const spent = ledger.receipts.filter(one => one.apiKey === row.id).reduce((sum, one) => sum + one.charge, 0n)
      check(row.spent === spent, `spent is ${row.spent}, the receipts sum to ${spent}`)
      if (authorizer)
        check(recoverGrant(domainOf(witness), row) === authorizer, 'the grant is not signed by this gateway')
    })
  }
}
