import type { Snapshot } from '@heddle/ledger'
import { type Address, canonical, digestOf, type Hex } from '@heddle/protocol'
import { bornIn, olderIn } from '../chain/born.ts'
import { checkChainRows, checkDeposits, checkTransactions } from './chain-rows.ts'
import { type Apart, type Finding, Findings } from './finding.ts'
import {
  type Book,
  checkChannels,
  checkEvidence,
  checkJobs,
  checkKeys,
  checkReceipts,
  checkRefused,
  configOf,
} from './rows.ts'
import type { Witness } from './witness.ts'
import { checkX402, x402Of } from './x402.ts'

export type Reconciliation = {
  /** Nothing that does not fit. */
  green: boolean
  findings: readonly Finding[]
  /** What could not be held against a second ledger, since that is not here. It says nothing against anybody. */
  apart: readonly Apart[]
  /** How many rows were held against something else. */
  rows: number
  /** Jobs that run now: they settle later. */
  running: number
  /** Receipts of the payer that no API key was charged for: recovered ones of which it is not known who asked. */
  keyless: { receipts: number; charge: string }
}

type PayerLedger = {
  name: string
  /** Whose channels these are; by the channels themselves where it is left out. */
  address?: Address
  ledger: Snapshot
}
type ProviderLedger = { name: string; address: Hex; ledger: Snapshot }

/**
 * Holds a payer's ledger, the ledgers of providers and the chain against each other. All are read independently; altering
 * any single row of a ledger is a finding. A channel with somebody whose ledger is not among them is held against its
 * signatures and the chain, and told as `apart`.
 */
export async function reconcile(
  payer: PayerLedger,
  providers: readonly ProviderLedger[],
  witness: Witness,
): Promise<Reconciliation> {
  const findings = new Findings()
  const paying: Book = { ...payer, side: 'paying' }
  const paid: Book[] = providers.map(({ name, ledger }) => ({ name, ledger, side: 'paid' }))
  const keyOf = new Map(paying.ledger.channels.map(row => [row.id, row.counterparty as Hex]))
  let running = 0
  for (const [i, book] of [paying, ...paid].entries()) {
    const address = providers[i - 1]?.address
    const paid = [...book.ledger.channels.map(row => row.id), ...book.ledger.x402.map(row => row.channel)]
    const keys = address ? new Map(paid.map(id => [id, address])) : keyOf
    checkChannels(book, witness, findings)
    checkX402(book, witness, findings)
    checkReceipts(book, keys, findings)
    checkRefused(book, keys, findings)
    checkEvidence(book, findings)
    running += checkJobs(book, witness, findings)
    checkKeys(book, witness, findings)
    checkTexts(book, findings)
    checkFacts(book, witness, findings)
    checkChainRows(book, witness, findings)
    checkDeposits(book, witness, findings)
    await checkTransactions(book, witness, findings)
  }
  const apart = checkAcross(paying, providers, payer.address, findings)
  const keyless = paying.ledger.receipts.filter(row => row.apiKey === null)
  const charge = keyless.reduce((sum, row) => sum + row.charge, 0n).toString()
  const rows = [paying, ...paid].reduce(
    (sum, book) => sum + Object.values(book.ledger).reduce((n, table) => n + table.length, 0),
    0,
  )
  return {
    green: findings.list.length === 0,
    findings: findings.list,
    apart,
    rows,
    running,
    keyless: { receipts: keyless.length, charge },
  }
}

/** Texts that rows share lie under their own digests; what they say is checked where it is used. */
function checkTexts({ name, ledger }: Book, findings: Findings): void {
  for (const { digest, text } of ledger.texts) {
    findings.check(name, 'texts', digest, digestOf(text) === `0x${digest}`, 'the text is not the one of its digest')
  }
}

function checkFacts({ name, ledger }: Book, witness: Witness, findings: Findings): void {
  const born = ledger.facts.flatMap(row => bornIn(row) ?? [])
  const others = ledger.facts.filter(row => bornIn(row) === undefined && olderIn(row) === undefined)
  const facts = canonical(others.map(row => [row.name, row.value]))
  const expected = canonical([['chain', `eip155:${witness.chainId}/${witness.asset}`]])
  findings.check(
    name,
    'facts',
    'chain',
    facts === expected && (born.length === 1 || ledger.blocks.length === 0),
    'the ledger does not name this chain and asset, and where it began, and nothing else',
  )
}

/** What both sides of a channel must agree on, where both are here; gives what has only one side here. */
function checkAcross(
  paying: Book,
  providers: readonly ProviderLedger[],
  address: Address | undefined,
  findings: Findings,
): Apart[] {
  const apart: Apart[] = []
  const here = new Set(providers.map(one => one.address))
  const theirs = new Map(providers.flatMap(one => one.ledger.channels.map(row => [row.id, { ...one, row }] as const)))
  for (const row of paying.ledger.channels) {
    const other = theirs.get(row.id)
    theirs.delete(row.id)
    if (!other && !here.has(row.counterparty as Hex)) {
      const why = `the ledger of its provider ${row.counterparty} is not here`
      apart.push({ ledger: paying.name, table: 'channels', row: row.id, why })
      continue
    }
    findings.row(paying.name, 'channels', row.id, check => {
      // A ceiling may have been signed that never got there: until something reaches it, a provider keeps no channel.
      if (!other) return check(row.charged === 0n, 'no provider knows this channel')
      check(other.address === row.counterparty, 'the counterparty is another provider')
      check(other.row.config === row.config, 'the two sides have another config')
      check(
        other.row.ceiling <= row.ceiling,
        `the provider holds a ceiling of ${other.row.ceiling}, ${row.ceiling} was signed`,
      )
      check(
        other.row.charged === row.charged,
        `the provider charged ${other.row.charged}, the payer knows ${row.charged}`,
      )
      const mine = paying.ledger.receipts.filter(one => one.channel === row.id)
      for (const receipt of mine) {
        const same = other.ledger.receipts.find(one => one.id === receipt.id)
        check(same?.signed === receipt.signed, `receipt ${receipt.id} differs`)
      }
    })
  }
  // The id is the hash of the config, so a channel of this payer cannot be made to look like one of another.
  const payers = new Set(address ? [address] : paying.ledger.channels.map(row => configOf(row)?.payer))
  const others = new Set(providers.flatMap(({ ledger }) => [...x402Of({ ledger }).keys()]))
  for (const [id, { name, row }] of theirs) {
    const payer = configOf(row)?.payer
    if (!others.has(id) && (payer === undefined || payers.has(payer)))
      findings.check(name, 'channels', id, row.charged === 0n, 'the payer does not know this channel')
    else if (row.charged > 0n)
      apart.push({ ledger: name, table: 'channels', row: id, why: `the ledger of its payer ${payer} is not here` })
  }
  return apart
}
