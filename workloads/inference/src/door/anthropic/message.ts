import { type Exchange, HeddleError } from '@heddle/protocol'
import { prepare, quoteOf } from '../shared/ask.ts'
import { unusedHeader } from '../shared/note.ts'
import { streamAnswer } from '../shared/stream.ts'
import { askWhole } from '../shared/whole.ts'
import { messageOf } from './answer.ts'
import { anthropicStyle, messageEvents } from './events.ts'
import { readCountRequest, readMessageRequest } from './request.ts'

/** `POST /v1/messages`, streamed or whole. */
export async function createMessage(exchange: Exchange): Promise<void> {
  const request = readMessageRequest(exchange.body)
  const prepared = await prepare(exchange, request)
  if (request.stream)
    return streamAnswer(exchange, prepared, {
      style: anthropicStyle,
      events: answer => messageEvents(answer, request),
      headers: answer => ({ 'request-id': answer.id }),
    })
  const { answer, whole, told, headers } = await askWhole(exchange, prepared)
  exchange.json(200, messageOf(answer, whole, told, request.own), { ...headers, 'request-id': answer.id })
}

/**
 * `POST /v1/messages/count_tokens`. A count is a count: where the engine cannot give one, the answer is an error and
 * not a guess.
 */
export async function countTokens(exchange: Exchange): Promise<void> {
  const prepared = await prepare(exchange, readCountRequest(exchange.body))
  const { input, model } = await quoteOf(exchange, prepared)
  if (!input.exact) {
    const message = `the engine of ${model} cannot count tokens; POST /v1/quote gives a bound`
    throw new HeddleError('unsupported_by_model', message, { cause: { param: 'model' } })
  }
  const tokens = Number((input.used['prompt'] ?? 0n) + (input.used['cached'] ?? 0n))
  exchange.json(200, { input_tokens: tokens }, unusedHeader(prepared.unused))
}
