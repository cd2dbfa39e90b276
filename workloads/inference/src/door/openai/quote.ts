import { type Exchange, formatUnits, type Usage } from '@heddle/protocol'
import { askForQuote } from '../shared/ask.ts'
import { readChatRequest } from './chat-request.ts'

const counts = (used: Usage): Record<string, number> =>
  Object.fromEntries(Object.entries(used).map(([unit, count]) => [unit, Number(count)]))

/**
 * `POST /v1/quote` with the body of a chat completion: what it would cost, and from whom, if it were asked for now.
 * Nothing runs and nothing is charged.
 */
export async function quote(exchange: Exchange): Promise<void> {
  const request = readChatRequest(exchange.body, exchange.house.models())
  const { model, provider, own, prices, input, most, latency } = await askForQuote(exchange, request)
  exchange.json(200, {
    object: 'quote',
    model,
    provider,
    own,
    /** Base units for one of each. */
    prices,
    input: { usage: counts(input.used), exact: input.exact },
    most: { usage: counts(most.used), charge: most.charge.toString(), hed: formatUnits(most.charge) },
    ...(latency !== undefined && { latency }),
  })
}
