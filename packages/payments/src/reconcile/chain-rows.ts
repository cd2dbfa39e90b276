import { type ChainEvent, settlementAbi, tokenAbi, verifierAbi, verifierAddress } from '@heddle/chain'
import type { Row } from '@heddle/ledger'
import {
  type Channel,
  canonical,
  channelId,
  type Deposit,
  type Hex,
  recoverDeposit,
  SETTLEMENT_ADDRESS,
} from '@heddle/protocol'
import { decodeFunctionData, keccak256, parseTransaction, recoverTransactionAddress } from 'viem'
import { transferChannel } from '../x402/transfer.ts'
import type { Findings } from './finding.ts'
import { type Book, configOf } from './rows.ts'
import type { Witness } from './witness.ts'

/** Blocks and events: exactly what the chain says of this party's channels. */
export function checkChainRows({ name, ledger }: Book, witness: Witness, findings: Findings): void {
  for (const row of ledger.blocks) {
    const same = witness.hashes.get(row.number) === row.hash
    findings.check(name, 'blocks', String(row.number), same, 'the chain has another block')
  }
  const mine = subjectsOf(ledger, witness)
  const last = Math.max(-1, ...ledger.blocks.map(row => row.number))
  const expected = new Map(
    witness.events
      .filter(event => mine.has(event.subject) && event.block <= last)
      .map(event => [placeOf(event), event]),
  )
  for (const row of ledger.events) {
    const event = expected.get(placeOf(row))
    expected.delete(placeOf(row))
    findings.row(name, 'events', placeOf(row), check => {
      check(event !== undefined, 'the chain has no such event')
      for (const field of ['transaction', 'name', 'subject', 'amount', 'total'] as const) {
        check(event?.[field] === row[field], `${field} is not what the chain says`)
      }
    })
  }
  for (const [place, event] of expected) {
    const settledOnly = event.name === 'Settled' && ledger.channels.every(row => row.side === 'paying')
    findings.check(name, 'events', place, settledOnly, `${event.name} is on the chain and not here`)
  }
}

/**
 * Whose events a ledger has: its channels, and where it is paid whatever channel pays its receiver. Anybody can make one on the
 * chain, and the ledger keeps it as a channel only once it is used.
 */
function subjectsOf(ledger: Book['ledger'], { events }: Witness): Set<string> {
  const created = new Map(events.flatMap(({ subject, parties }) => (parties ? [[subject, parties] as const] : [])))
  const rows = ledger.channels.filter(row => row.side === 'paid')
  const receivers = new Set(rows.flatMap(row => configOf(row)?.receiver ?? []))
  // One that keeps no channel yet follows one receiver all the same.
  if (ledger.channels.length === 0)
    for (const { subject } of ledger.events) {
      const receiver = created.get(subject as Hex)?.receiver
      if (receiver) receivers.add(receiver)
    }
  const paying = [...created].flatMap(([id, parties]) => (receivers.has(parties.receiver) ? [id] : []))
  const others = ledger.channels.filter(row => row.side !== 'paid').map(row => configOf(row)?.receiver ?? row.id)
  return new Set<string>([...ledger.channels.map(row => row.id), ...receivers, ...paying, ...others])
}

const placeOf = ({ block, position }: { block: number; position: number }): string => `${block}/${position}`

/** Transactions: what the raw bytes say, and how the chain says they ended. */
export async function checkTransactions({ name, ledger }: Book, witness: Witness, findings: Findings): Promise<void> {
  for (const row of ledger.transactions) {
    const problems = await transactionProblems(row, witness).catch(error => [(error as Error).message])
    for (const problem of problems) findings.check(name, 'transactions', row.hash, false, problem)
  }
  for (const sender of new Set(ledger.transactions.map(row => row.sender))) {
    const included = ledger.transactions.filter(row => row.sender === sender && witness.outcomes.has(row.hash as Hex))
    const nonce = witness.nonces.get(sender as Hex)
    const problem = `the chain counts ${nonce} transactions of ${sender}, this ledger ${included.length}`
    findings.check(name, 'transactions', sender, nonce === included.length, problem)
  }
}

async function transactionProblems(row: Row<'transactions'>, witness: Witness): Promise<string[]> {
  const raw = row.raw as `0x02${string}`
  const parsed = parseTransaction(raw)
  const sender = await recoverTransactionAddress({ serializedTransaction: raw })
  const outcome = witness.outcomes.get(row.hash as Hex)
  const state = outcome ? (outcome.success ? 'mined' : 'failed') : row.state === 'failed' ? 'failed' : 'sent'
  const problems: [boolean, string][] = [
    [keccak256(raw) === row.hash, 'the hash is not the one of the bytes'],
    [
      parsed.nonce === row.nonce || (row.nonce === 0 && parsed.nonce === undefined),
      'the nonce is not the one of the bytes',
    ],
    [sender.toLowerCase() === row.sender, 'the sender is not the one of the bytes'],
    [row.purpose === purposeOf(parsed.to, parsed.data ?? '0x', witness), 'the purpose is not the one of the bytes'],
    [row.state === state, `state is ${row.state}, by the chain it is ${state}`],
  ]
  return problems.filter(([holds]) => !holds).map(([, problem]) => problem)
}

/** What a call of the settlement contract, an `exact` transfer of the asset, or a witness is for: from its bytes. */
function purposeOf(to: string | null | undefined, data: Hex, witness: Witness): string {
  if (to?.toLowerCase() === witness.asset) {
    const { functionName, args } = decodeFunctionData({ abi: tokenAbi, data })
    if (functionName !== 'transferWithAuthorization') return functionName
    const payer = { from: args[0].toLowerCase() as Hex, nonce: args[5] }
    return canonical({ transfer: transferChannel(witness.chainId, witness.asset, payer) })
  }
  if (to?.toLowerCase() === verifierAddress(witness.chainId)) {
    const { functionName, args } = decodeFunctionData({ abi: verifierAbi, data })
    if (functionName === 'witnessClaim') return canonical({ witness: args[0] })
    if (functionName === 'witnessBlock') return canonical({ witnessBlock: Number(args[0]) })
    return functionName
  }
  const { functionName, args } = decodeFunctionData({ abi: settlementAbi, data })
  const domain = { chainId: witness.chainId, settlement: SETTLEMENT_ADDRESS }
  const idOf = (config: Channel): Hex => channelId(domain, lowerCase(config))
  if (functionName === 'deposit') return canonical({ deposit: idOf(args[0] as Channel) })
  if (functionName === 'claimWithSignature')
    return canonical({ claim: args[0].map(claim => idOf(claim.voucher.channel as Channel)) })
  if (functionName === 'settle') return canonical({ settle: args[0].toLowerCase() })
  return functionName
}

const lowerCase = (config: Channel): Channel => {
  const entries = Object.entries(config).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.toLowerCase() : value,
  ])
  return Object.fromEntries(entries) as Channel
}

/** Deposit authorizations: signed by the payer, and used at most as they say. */
export function checkDeposits({ name, ledger }: Book, witness: Witness, findings: Findings): void {
  for (const row of ledger.channels) {
    if (row.deposit === null) continue
    const text = row.deposit
    findings.row(name, 'channels', row.id, check => {
      const { balance, ...deposit } = JSON.parse(text) as Deposit & { balance: string }
      check(canonical({ ...deposit, balance }) === text, 'the deposit is not in its canonical form')
      const channel = JSON.parse(row.config) as Channel
      check(
        recoverDeposit(witness.tokenDomain, row.id as Hex, deposit) === channel.payer,
        'the deposit is not signed by the payer',
      )
      const now = witness.channels.get(row.id as Hex)?.balance ?? 0n
      const used = witness.events.some(
        (event: ChainEvent) =>
          event.subject === row.id &&
          event.name === 'Deposited' &&
          event.amount === BigInt(deposit.amount) &&
          event.total - event.amount === BigInt(balance),
      )
      check(used || now === BigInt(balance), 'the deposit follows a balance that the channel never had')
    })
  }
}
