import { put, type Row, readOne, type Write } from '@heddle/ledger'
import {
  askedAt,
  canonicalOnce,
  checkAgreement,
  checkSeen,
  checkTimes,
  digestOf,
  domainOf,
  HeddleError,
  type Hex,
  isHeddleError,
  jobId,
  offerDigest,
  readOffer,
  recoverJob,
  type SignedJob,
  type SignedOffer,
  signedJobSchema,
  signedJobText,
  usageFromJson,
  verifyReceipt,
  type Workload,
} from '@heddle/protocol'
import { checkPlausible } from './answer.ts'
import type { Standing } from './book.ts'
import { orRefuse } from './refuse.ts'
import { type Asking, doneRow } from './running.ts'

/** What a late receipt adds to a key's spending. */
export type LateSpending = (apiKey: string | null, charge: bigint) => readonly Write[]

/**
 * Fetches the receipts of a channel that this side has not seen: after a crash of either side, or an answer that broke
 * off. Each must come with the job that this payer signed; none is taken on the provider's word. Then the jobs that the
 * provider never charged are let go. Gives how many receipts were new.
 */
export async function recoverReceipts(
  asking: Asking,
  standing: Standing,
  channel: Hex,
  spending: LateSpending,
): Promise<number> {
  if (!standing.pinned) return 0
  let found = 0
  for (let after = await asking.payer.sequenceOf(channel); ; ) {
    const page = await standing.client.receipts(channel, after).catch(ofUnknown)
    if (page.length === 0) break
    const before = after
    for (const one of page) {
      const signed = verifyReceipt(one.receipt, standing.pinned)
      const { job, offered } = readTerms(one, asking.authorizer.address)
      after = Math.max(after, Number(signed.receipt.sequence))
      // What streams now is recorded by whoever reads it, with what it holds.
      if (asking.live.has(signed.receipt.id)) continue
      const known = await readOne(asking.ledger, 'jobs', { id: jobId(job.job) })
      const row = known ?? unknownRow(job, offered, asking.askerOf?.(job.job) ?? null)
      const work = workOf(asking, job)
      const room = work?.workload.room(work.spec, offered.offer) ?? 0
      const output = await standing.client.output(row.id as Hex, room)
      const check = (): void => {
        checkAgreement(signed.receipt, { job: job.job, offer: offered.offer, output: () => digestOf(output) })
        if (!work) throw new HeddleError('receipt_mismatch', `an unknown workload ${job.job.workload}`)
        if (output.length > room)
          throw new HeddleError('receipt_mismatch', `more than the ${room} bytes that it can be`)
        checkPlausible(work.workload, work.spec, offered.offer, usageFromJson(signed.receipt.usage), output.length)
        checkSeen(signed.receipt, asking.payer.claimKnownAt(channel, askedAt(job.job)))
      }
      await orRefuse(asking.payer, channel, signed, check, () => (known ? [] : [put('jobs', row)]))
      checkTimes(signed.receipt, job.job, asking.clock.now())
      const apiKey = row.apiKey
      const isNew = await asking.payer.record(signed, apiKey, () => [
        put('jobs', doneRow(row, signed, output)),
        ...spending(apiKey, BigInt(signed.receipt.charge)),
      ])
      if (isNew) found += 1
      if (isNew && apiKey === null && asking.askerOf)
        asking.log.warn('a receipt is charged to no key', { receipt: row.id, channel, charge: signed.receipt.charge })
    }
    // Whoever tells the same again has nothing new to tell.
    if (after === before) break
  }
  await releaseUnknown(asking, standing, channel)
  return found
}

/** A provider keeps no channel on which nothing was ever done: it has signed nothing there. Throws everything else. */
function ofUnknown(error: unknown): [] {
  if (isHeddleError(error, 'channel_unknown')) return []
  throw error
}

/**
 * What nobody is paid for any more, on a channel whose provider is not believed: its jobs that have no receipt are failed, and
 * nothing of them is held or asked for again.
 */
export async function strikeUnpaid({ ledger, live, payer }: Asking, channel: Hex): Promise<void> {
  // A receipt that is on its way to disk counts.
  await ledger.commit()
  for (const row of await ledger.read('jobs', { where: { channel, state: 'running' } })) {
    if (live.has(row.id as Hex)) continue
    await payer.release(channel, row.id as Hex)
    await ledger.commit(put('jobs', { ...row, state: 'failed' }))
  }
}

function readTerms(one: { job: unknown; offer: unknown }, authorizer: Hex): { job: SignedJob; offered: SignedOffer } {
  const job = signedJobSchema.safeParse(one.job)
  if (!job.success) throw new HeddleError('receipt_mismatch', 'a receipt without its job')
  const signed = job.data as SignedJob
  const offered = readOffer(one.offer, 0)
  if (recoverJob(domainOf(offered.offer), signed) !== authorizer)
    throw new HeddleError('receipt_mismatch', 'a job that was not asked')
  if (offerDigest(offered.offer) !== signed.job.offer)
    throw new HeddleError('receipt_mismatch', 'another offer than the job names')
  return { job: signed, offered }
}

/** What was asked, as its workload reads it: a recovered receipt is believed no more than a live one. */
function workOf(asking: Asking, { job }: SignedJob): { workload: Workload<unknown>; spec: unknown } | undefined {
  const workload = asking.workloads.get(job.workload)
  const spec = workload?.spec.safeParse(job.spec)
  return workload && spec?.success ? { workload, spec: spec.data } : undefined
}

/** A job that the provider does not know, long after it was posted, was never charged: it is failed and let go. */
async function releaseUnknown(asking: Asking, standing: Standing, channel: Hex): Promise<void> {
  const rows = await asking.ledger.read('jobs', { where: { channel, state: 'running' } })
  for (const row of rows) {
    if (await readOne(asking.ledger, 'receipts', { id: row.id })) continue
    if (asking.live.has(row.id as Hex)) continue
    if ((await standing.client.jobState(row.id as Hex)) !== 'unknown') continue
    await asking.payer.release(channel, row.id as Hex)
    await asking.ledger.commit(put('jobs', { ...row, state: 'failed' }))
  }
}

/** A job whose row was lost with a crash: it belongs to this payer by its signature, and to whom its nonce says. */
const unknownRow = (signed: SignedJob, offered: SignedOffer, apiKey: string | null): Row<'jobs'> => ({
  id: jobId(signed.job),
  channel: signed.job.channel,
  apiKey,
  state: 'running',
  request: signedJobText(signed),
  offer: canonicalOnce(offered),
  used: '{}',
  output: new Uint8Array(0),
  started: askedAt(signed.job),
  updated: askedAt(signed.job),
})
