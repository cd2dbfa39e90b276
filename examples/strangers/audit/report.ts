import { formatUnits } from '@heddle/protocol'
import type { Report } from './audit.ts'

const hed = (amount: bigint): string => `${formatUnits(amount)} HED`
const short = (hex: string): string => `${hex.slice(0, 10)}…`

/** What a person reads of an audit. */
export function textOf({ conduct, overclaims, books }: Report): string {
  const lines: string[] = []
  const say = (text = ''): void => void lines.push(text)
  say('Conduct, from receipts and public weights')
  for (const { provider, receipts, missing, honest, inconclusive, stretch, model, reasons } of conduct) {
    say(
      `  provider ${short(provider)}: ${receipts} receipts, ${missing} missing; ${honest} honest, ${inconclusive} not judged`,
    )
    if (!stretch) continue
    const { first, last, dishonest, judged, honestBefore, chance } = stretch
    say(`    ✗ answers ${first} to ${last} are not of the weights they claim (${short(model ?? '')}):`)
    say(`      ${dishonest} of ${judged} judged are dishonest, after ${honestBefore} honest ones`)
    for (const reason of reasons) say(`      ${reason}`)
    say(`      false positives: the chance that an honest provider is judged so is at most 10^${Math.ceil(chance)}`)
  }
  say()
  say('Claims, from receipts and the chain')
  if (overclaims.length === 0) say('  none took more than was charged')
  for (const { provider, claimed, charged, transaction, proof } of overclaims) {
    say(`  ✗ provider ${short(provider)} claimed ${hed(BigInt(claimed))} where ${hed(BigInt(charged))} was charged`)
    say(`      transaction ${transaction}`)
    say(`      no false positives: ${proof} convicts by itself (heddle prove --verify)`)
  }
  say()
  say('Money, from the chain; what is owed, from receipts')
  for (const one of books.channels) {
    say(`  channel ${short(one.channel)} ${short(one.payer)} → ${short(one.receiver)}`)
    say(
      `      deposited ${hed(one.deposited)}, claimed ${hed(one.claimed)}, returned ${hed(one.returned)}, held ${hed(one.held)}`,
    )
    say(
      one.charged === null
        ? `      no receipt of it; ${hed(one.free)} is the payer's`
        : `      charged ${hed(one.charged)}, owed ${hed(one.owed)}, taken too much ${hed(one.overclaimed)}, the payer's ${hed(one.free)}`,
    )
  }
  for (const [owner, amount] of books.wallets) say(`  wallet ${short(owner)} has ${hed(amount)}`)
  say(`  supply ${hed(books.supply)} = wallets + held ${hed(books.held)} + claimed and not swept ${hed(books.unswept)}`)
  say(`  unaccounted: ${hed(books.unaccounted)}; the contract has ${hed(books.inContract)}`)
  return lines.join('\n')
}
