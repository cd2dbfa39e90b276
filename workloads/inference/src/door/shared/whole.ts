import type { Answer, Exchange } from '@heddle/protocol'
import { ask, inOwnNames, type Prepared } from './ask.ts'
import { gather, type Whole } from './choices.ts'
import { receiptHeader, unusedHeader } from './note.ts'

/** Asks, and reads the answer to its end. Throws what it breaks off with, in the client's own names. */
export async function askWhole(
  exchange: Exchange,
  prepared: Prepared,
  choices = 1,
): Promise<{ answer: Answer; whole: Whole; headers: Record<string, string> }> {
  const answer = await ask(exchange, prepared)
  try {
    const whole = await gather(answer, choices)
    const headers = { ...receiptHeader(whole.settlement), ...unusedHeader(prepared.unused) }
    return { answer, whole, headers }
  } catch (error) {
    throw inOwnNames(error, prepared.asking, exchange.body)
  }
}
