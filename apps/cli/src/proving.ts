import { connect, readBlockHash } from '@heddle/chain'
import { type Fraud, HeddleError, isHeddleError, judgeClaim, type SignedReceipt, type Verdict } from '@heddle/protocol'
import { type ClaimTold, type Opened, type RefusedSeen, readClaim, readRefused } from '@heddle/sdk'
import { prover } from '@heddle/workloads/proofs'
import { call } from './call.ts'
import { type RunFile, running } from './home/index.ts'
import { openReceipt } from './opened.ts'

/**
 * Everything that signed data and the chain prove about a receipt of this house, taken or refused, or about one of its
 * channels; the first that convicts ends it. `problem` says why evidence could not be tried. Throws `not_found`,
 * `usage_wrong`, `chain_down`.
 */
export async function tryProofs(home: string, id: string): Promise<Fraud & Pick<Opened, 'problem'>> {
  const opened = await openReceipt(home, id).catch(error => {
    if (isHeddleError(error, 'not_found')) return undefined
    throw error
  })
  const run = running(home)
  const verdicts: Verdict[] = []
  let channel = opened?.answered.receipt.receipt.channel
  for (const one of await refusedBy(run)) {
    if (![one.channel, one.receipt.receipt.id, one.rival?.receipt.id].some(known => known === id)) continue
    channel ??= one.channel
    const fraud = prover.proveRefused(one, one.provider)
    verdicts.push(...fraud.verdicts)
    if (fraud.proof) return { ...fraud, verdicts }
  }
  if (opened) {
    const fraud = prover.prove(opened.answered, opened.provider)
    verdicts.push(...fraud.verdicts)
    if (fraud.proof) return { ...fraud, verdicts }
  }
  const claims = await claimsOn(run, channel ?? id)
  if (channel === undefined && claims.length === 0)
    throw new HeddleError('not_found', `no receipt and no channel ${id}`)
  for (const told of claims) {
    const fraud = opened ? await ofReceipt(told, opened.answered.receipt, run) : judgeClaim(told, told.provider)
    verdicts.push(...fraud.verdicts)
    if (fraud.proof) return { ...fraud, verdicts }
  }
  return { verdicts, ...(opened?.problem ? { problem: opened.problem } : {}) }
}

/** What one receipt says of a claim on its channel, by the block that it names. */
async function ofReceipt({ claim, provider }: ClaimTold, below: SignedReceipt, { chain }: RunFile): Promise<Fraud> {
  const { seen } = below.receipt
  const named = seen && (await readBlockHash(connect(chain.url, chain.chainId), seen.block))
  return judgeClaim({ claim, below, ...(named ? { named } : {}) }, provider)
}

async function refusedBy({ gateway, adminToken: token }: RunFile): Promise<RefusedSeen[]> {
  const all: RefusedSeen[] = []
  for (let after = 0; ; ) {
    const page = await call<Page<'refused'>>(`${gateway.url}/heddle/1/refused?after=${after}`, { token })
    all.push(...page.refused.map(readRefused))
    if (page.next <= after) return all
    after = page.next
  }
}

async function claimsOn({ gateway, adminToken: token }: RunFile, channel: string): Promise<ClaimTold[]> {
  const all: ClaimTold[] = []
  for (let after = -1; ; ) {
    const from = after < 0 ? '' : `&after=${after}`
    const page = await call<Page<'claims'>>(`${gateway.url}/heddle/1/claims?channel=${channel}${from}`, { token })
    all.push(...page.claims.map(readClaim))
    if (page.next <= after) return all
    after = page.next
  }
}

type Page<K extends string> = { [name in K]: unknown[] } & { next: number }
