import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Ledger, openSqliteLedger, put } from '@heddle/ledger'
import { domainOf, jobId, randomBytes, type SignedReceipt, signJob, startDigest, toHex, utf8 } from '@heddle/protocol'
import { fixture } from '@heddle/testing'
import { type Ended, Settler } from '../../services/provider/src/job/receipt.ts'

const { offer, parties } = fixture

/** Ends jobs as a provider does, with and without evidence, on a ledger of its own. */
export async function startSettling() {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-evidence-'))
  const ledger = await openSqliteLedger(join(directory, 'ledger.db'))
  const settler = settlerOn(ledger)
  return {
    /** Microseconds of processor time a job, the ledger's thread included, and one of the receipts. */
    async settle(
      jobs: number,
      leaves?: readonly Uint8Array[],
    ): Promise<{ microseconds: number; receipt: SignedReceipt }> {
      const ended = Array.from({ length: jobs }, () => endedWith(leaves))
      const before = process.cpuUsage()
      const receipts = await Promise.all(
        ended.map(one =>
          settler.settle({ channel: one.signed.job.channel, amount: one.charge, account: undefined }, one),
        ),
      )
      const { user, system } = process.cpuUsage(before)
      return { microseconds: (user + system) / jobs, receipt: receipts[0]! }
    },
    async stop(): Promise<void> {
      await ledger.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function settlerOn(ledger: Ledger): Settler {
  let sequence = 0
  return new Settler({
    signer: parties.provider,
    clock: Date,
    seen: () => null,
    receiver: {
      async settleAll(settling, build) {
        const placed = settling.map(one => ({ ...one, sequence: ++sequence, charged: BigInt(sequence) * 1_000n }))
        await ledger.commit(...build(placed), put('facts', { name: 'sequence', value: String(sequence) }))
        return settling.map(() => undefined)
      },
    },
  })
}

const output = utf8('woven '.repeat(160))

function endedWith(leaves?: readonly Uint8Array[]): Ended {
  const job = { ...fixture.job, nonce: toHex(randomBytes(32)) }
  const digest = startDigest()
  digest.add(output)
  return {
    id: jobId(job),
    signed: signJob(domainOf(offer), job, parties.authorizer),
    offer,
    used: { prompt: 40n, cached: 0n, completion: 160n },
    charge: 1_000n,
    output,
    digest: digest.read(),
    finish: 'length',
    started: Date.now(),
    ...(leaves ? { evidence: leaves } : {}),
  }
}
