import { formatUnits, HeddleError, isHeddleError } from '@heddle/protocol'
import type { Answered, Chat, Gateway, Quote } from './gateway.ts'
import type { Spending } from './spending.ts'

/** What may have been charged for although no answer came. */
const MAY_BE_CHARGED = new Set([
  'interrupted',
  'aborted',
  'not_running',
  'internal',
  'payer_stalled',
  'receipt_mismatch',
])
const PROVIDERS = 3

/**
 * Asks within a session's cap: quotes, holds the most that it can cost, and asks the provider of the quote alone, so that
 * nobody dearer answers; when that one cannot, the next is quoted and held for. Throws `cap_reached`.
 */
export async function askWithin(
  gateway: Pick<Gateway, 'quote' | 'ask'>,
  spending: Spending,
  chat: Chat,
  options: { maxCharge?: bigint; signal?: AbortSignal } = {},
): Promise<{ answer: Answered; quote: Quote }> {
  const { maxCharge, signal } = options
  const ignore: string[] = []
  for (;;) {
    const quote = await gateway.quote(ignore.length ? { ...chat, provider: { ignore } } : chat, signal)
    const most = BigInt(quote.most.charge)
    if (maxCharge !== undefined && most > maxCharge) {
      const words = `this may cost ${formatUnits(most)} HED, max_charge is ${formatUnits(maxCharge)}`
      throw new HeddleError('cap_reached', words)
    }
    const hold = spending.hold(most)
    try {
      const provider = { only: [quote.provider], allow_fallbacks: false }
      const answer = await gateway.ask({ ...chat, model: quote.model, provider }, signal)
      hold.settle(BigInt(answer.heddle.charge))
      return { answer, quote }
    } catch (error) {
      const charged = !isHeddleError(error) || MAY_BE_CHARGED.has(error.code)
      hold.settle(charged ? most : 0n)
      ignore.push(quote.provider)
      const another = isHeddleError(error) && error.retryable && !charged && error.code !== 'rate_limited'
      if (!another || ignore.length >= PROVIDERS) throw error
    }
  }
}
