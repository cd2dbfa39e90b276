import type { Exchange } from '@heddle/protocol'
import { ask } from '../../shared/ask.ts'
import { gather } from '../../shared/choices.ts'
import { receiptHeader } from '../../shared/note.ts'
import { streamAnswer } from '../../shared/stream.ts'
import { ended, itemsOf, responseHead } from './answer.ts'
import { responseEvents } from './events.ts'
import { readResponseRequest } from './request.ts'

/** `POST /v1/responses`, streamed or whole. Nothing is stored: each request says everything. */
export async function respond(exchange: Exchange): Promise<void> {
  const asking = readResponseRequest(exchange.body, exchange.house.models())
  const { request, stream } = asking
  const answer = await ask(exchange, asking)
  if (stream) return streamAnswer(exchange, answer, responseEvents(answer, request))
  const whole = await gather(answer)
  const { settlement, choices } = whole
  const response = ended(responseHead(answer, request), itemsOf(answer, whole), choices[0]!, settlement)
  exchange.json(200, response, receiptHeader(settlement))
}
