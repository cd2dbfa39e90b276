import { type Exchange, formatUnits, type Usage } from '@heddle/protocol'
import { prepare, quoteOf } from '../shared/ask.ts'
import { unusedHeader } from '../shared/note.ts'
import { readChatRequest } from './chat-request.ts'

const counts = (used: Usage): Record<string, number> =>
  Object.fromEntries(Object.entries(used).map(([unit, count]) => [unit, Number(count)]))

/**
 * `POST /v1/quote` with the body of a chat completion: what it would cost, and from whom, if it were asked for now.
 * Nothing runs and nothing is charged.
 */
export async function quote(exchange: Exchange): Promise<void> {
  const request = readChatRequest(exchange.body, exchange.house.models())
  const prepared = await prepare(exchange, request)
  const { unused } = prepared
  const { model, provider, own, prices, input, most, latency } = await quoteOf(exchange, prepared)
  const body = {
    object: 'quote',
    model,
    provider,
    own,
    /** Base units for one of each. */
    prices,
    input: { usage: counts(input.used), exact: input.exact },
    most: { usage: counts(most.used), charge: most.charge.toString(), hed: formatUnits(most.charge) },
    ...(latency !== undefined && { latency }),
    ...(unused.length > 0 && { heddle: { unused } }),
  }
  exchange.json(200, body, unusedHeader(unused))
}
