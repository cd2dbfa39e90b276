/**
 * An audit by a stranger who was not there: `node audit.ts CASE`. It runs without any network. The folder holds receipts,
 * opened where somebody opened them in time; what a node says of the chain; public weights, and a calibration of them.
 * It writes `report.json` and the proofs into the same folder, and prints what it found.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createChecker, readCalibration } from '@heddle/inference/checker'
import {
  type Address,
  type Answered,
  digestOf,
  type Hex,
  judgeClaim,
  type SignedReceipt,
  verifyReceipt,
} from '@heddle/protocol'
import { readOpened } from '@heddle/sdk'
import { prover } from '@heddle/workloads/proofs'
import { type ChainData, chainDataSchema, readChain } from './chain-data.ts'
import { type Judged, type Stretch, stretchOf } from './conduct.ts'
import { type Books, keepBooks } from './money.ts'
import { textOf } from './report.ts'

/** One channel with one provider: what its receipts say of the provider's conduct. */
export type Conduct = {
  provider: Address
  channel: Hex
  receipts: number
  /** Sequences below the last one, of which no receipt is here. */
  missing: number
  honest: number
  inconclusive: number
  stretch: Stretch | undefined
  /** What the dishonest answers claim to be of. */
  model: string | undefined
  reasons: readonly string[]
}
export type Overclaim = {
  provider: Address
  channel: Hex
  transaction: Hex
  claimed: string
  charged: string
  proof: string
}
export type Report = { conduct: readonly Conduct[]; overclaims: readonly Overclaim[]; books: Books }

const folder = process.argv[2] ?? '.'
const jsonIn = (...path: string[]): unknown => JSON.parse(readFileSync(join(folder, ...path), 'utf8'))

/** Receipts as they were handed over: each is verified against the key it names, and its parts against it. */
function readReceipts(): { receipt: SignedReceipt; answered: Answered | undefined }[] {
  return readdirSync(join(folder, 'receipts')).map(file => {
    const json = jsonIn('receipts', file) as { provider: Address; receipt: unknown; job?: unknown }
    if (json.job === undefined) return { receipt: verifyReceipt(json.receipt, json.provider), answered: undefined }
    const { answered } = readOpened(json)
    return { receipt: answered.receipt, answered }
  })
}

async function judge(receipts: ReturnType<typeof readReceipts>): Promise<Map<string, Judged>> {
  const models = readdirSync(join(folder, 'weights')).map(name => {
    const path = join(folder, 'weights', name)
    return { name, path, digest: digestOf(readFileSync(path)) }
  })
  const calibrations = readdirSync(join(folder, 'calibrations')).map(file =>
    readCalibration(readFileSync(join(folder, 'calibrations', file), 'utf8')),
  )
  // An auditor looks at the whole of every answer.
  const checker = createChecker({ models, calibrations, random: () => 0 })
  const judged = new Map<string, Judged>()
  try {
    for (const { receipt, answered } of receipts) {
      if (!answered) continue
      const { verdict, check, reason, falsePositiveRate } = await checker.check(answered, new AbortController().signal)
      const { id, sequence } = receipt.receipt
      const rate = falsePositiveRate === undefined ? {} : { falsePositiveRate }
      judged.set(id, { id, sequence: BigInt(sequence), verdict, check, reason, ...rate })
    }
  } finally {
    await checker.stop()
  }
  return judged
}

const byChannel = (receipts: ReturnType<typeof readReceipts>) =>
  Map.groupBy(receipts, ({ receipt }) => receipt.receipt.channel)

function conductOf(receipts: ReturnType<typeof readReceipts>, judged: Map<string, Judged>): Conduct[] {
  return [...byChannel(receipts)].map(([channel, list]) => {
    const last = list.reduce((most, { receipt }) => Math.max(most, Number(receipt.receipt.sequence)), 0)
    const verdicts = list.flatMap(({ receipt }) => judged.get(receipt.receipt.id) ?? [])
    const guilty = verdicts.filter(({ verdict }) => verdict === 'dishonest')
    return {
      provider: list[0]!.receipt.receipt.provider,
      channel,
      receipts: list.length,
      missing: last - list.length,
      honest: verdicts.filter(({ verdict }) => verdict === 'honest').length,
      inconclusive: list.length - verdicts.filter(({ verdict }) => verdict !== 'inconclusive').length,
      stretch: stretchOf(verdicts),
      model: list.find(({ receipt }) => guilty.some(({ id }) => id === receipt.receipt.id))?.receipt.receipt.model,
      reasons: [...new Set(guilty.map(({ check, reason }) => `${check}: ${reason}`))],
    }
  })
}

/** Claims that took more than everything charged by then, with the file that proves each. */
function findOverclaims(
  receipts: ReturnType<typeof readReceipts>,
  {
    events,
    chainId,
    settlement,
    hashes,
    witnessed: known,
  }: ReturnType<typeof readChain> & Pick<ChainData, 'chainId' | 'settlement' | 'hashes' | 'witnessed'>,
): Overclaim[] {
  const channels = byChannel(receipts)
  mkdirSync(join(folder, 'proofs'), { recursive: true })
  return events.flatMap(event => {
    if (event.name !== 'Claimed') return []
    const { block, hash, channel, total, transaction } = event
    const witnessed = known[`${channel} ${total}`] ?? null
    const claim = { block, hash, chainId, channel, settlement, totalClaimed: total.toString(), witnessed }
    const lower = (channels.get(channel) ?? [])
      .map(one => one.receipt)
      .filter(({ receipt }) => BigInt(receipt.charged) < total)
    const below = lower.toSorted((a, b) => Number(a.receipt.sequence) - Number(b.receipt.sequence)).at(-1)
    if (!below) return []
    const { provider, charged, id, seen } = below.receipt
    const named = seen ? hashes[seen.block] : undefined
    const { proof } = judgeClaim({ claim, below, ...(named ? { named } : {}) }, provider)
    if (!proof) return []
    const file = join('proofs', `${id}.overcharge.json`)
    writeFileSync(join(folder, file), prover.write(proof))
    return [{ provider, channel, transaction, claimed: total.toString(), charged, proof: file }]
  })
}

const chain = chainDataSchema.parse(jsonIn('chain.json'))
const receipts = readReceipts()
const moved = readChain(chain)
const charged = new Map<Hex, bigint>()
for (const { receipt } of receipts) {
  const { channel, charged: sum } = receipt.receipt
  if (BigInt(sum) > (charged.get(channel) ?? -1n)) charged.set(channel, BigInt(sum))
}
const report: Report = {
  conduct: conductOf(receipts, await judge(receipts)),
  overclaims: findOverclaims(receipts, { ...chain, ...moved }),
  books: keepBooks(moved, chain.settlement, charged),
}
const asJson = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value instanceof Map ? Object.fromEntries(value) : value
writeFileSync(join(folder, 'report.json'), JSON.stringify(report, asJson, 2))
console.log(textOf(report))
