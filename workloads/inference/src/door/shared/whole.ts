import type { Answer, Exchange } from '@heddle/protocol'
import { ask, inOwnNames, type Prepared } from './ask.ts'
import { gather, isCut, type Whole } from './choices.ts'
import { receiptHeader, type Told, unmetHeader, unusedHeader } from './note.ts'

/** Asks, and reads the answer to its end. Throws what it breaks off with, in the client's own names. */
export async function askWhole(
  exchange: Exchange,
  prepared: Prepared,
  choices = 1,
): Promise<{ answer: Answer; whole: Whole; told: Told; headers: Record<string, string> }> {
  const answer = await ask(exchange, prepared)
  try {
    const whole = await gather(answer, choices)
    const told = toldOf(prepared, whole)
    const headers = {
      ...receiptHeader(whole.settlement),
      ...unusedHeader(told.unused),
      ...unmetHeader(told.unmet),
    }
    return { answer, whole, told, headers }
  } catch (error) {
    throw inOwnNames(error, prepared.asking, exchange.body)
  }
}

/**
 * What is said beside an answer: what had no effect, and what of its schemas it does not keep. A choice that was cut, by
 * its length or a text that ends it, is not held to them.
 */
export function toldOf({ unused, promised }: Prepared, { choices, settlement }: Whole): Told {
  const ended = choices.filter(one => one.stopped === undefined && !isCut(one, settlement))
  return { unused, unmet: promised.any ? [...new Set(ended.flatMap(promised.unmet))] : [] }
}
