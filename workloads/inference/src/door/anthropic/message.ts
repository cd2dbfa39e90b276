import { type Exchange, HeddleError } from '@heddle/protocol'
import { ask, askForQuote } from '../shared/ask.ts'
import { gather } from '../shared/choices.ts'
import { receiptHeader } from '../shared/note.ts'
import { streamAnswer } from '../shared/stream.ts'
import { messageOf } from './answer.ts'
import { messageEvents } from './events.ts'
import { readCountRequest, readMessageRequest } from './request.ts'

/** `POST /v1/messages`, streamed or whole. */
export async function createMessage(exchange: Exchange): Promise<void> {
  const request = readMessageRequest(exchange.body)
  const answer = await ask(exchange, request)
  const id = { 'request-id': answer.id }
  if (request.stream) return streamAnswer(exchange, answer, messageEvents(answer, request.unused), id)
  const whole = await gather(answer)
  const headers = { ...receiptHeader(whole.settlement), ...id }
  exchange.json(200, messageOf(answer, whole, request.unused), headers)
}

/**
 * `POST /v1/messages/count_tokens`. A count is a count: where the engine cannot give one, the answer is an error and
 * not a guess.
 */
export async function countTokens(exchange: Exchange): Promise<void> {
  const { input, model } = await askForQuote(exchange, readCountRequest(exchange.body))
  if (!input.exact) {
    const message = `the engine of ${model} cannot count tokens; POST /v1/quote gives a bound`
    throw new HeddleError('unsupported_by_model', message, { cause: { param: 'model' } })
  }
  exchange.json(200, { input_tokens: Number((input.used['prompt'] ?? 0n) + (input.used['cached'] ?? 0n)) })
}
