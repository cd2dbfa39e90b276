import type { Exchange } from '@heddle/protocol'
import { prepare } from '../../shared/ask.ts'
import { commentPing, streamAnswer } from '../../shared/stream.ts'
import { askWhole } from '../../shared/whole.ts'
import { ended, itemsOf, responseHead } from './answer.ts'
import { failedEvents, responseEvents } from './events.ts'
import { readResponseRequest } from './request.ts'

/** `POST /v1/responses`, streamed or whole. Nothing is stored: each request says everything. */
export async function respond(exchange: Exchange): Promise<void> {
  const request = readResponseRequest(exchange.body, exchange.house.models())
  const prepared = await prepare(exchange, request)
  if (request.stream)
    return streamAnswer(exchange, prepared, {
      style: { ping: commentPing, error: failedEvents },
      events: answer => responseEvents(answer, request),
    })
  const { answer, whole, told, headers } = await askWhole(exchange, prepared)
  const { settlement, choices } = whole
  const items = itemsOf(answer, whole, request.own)
  exchange.json(200, ended(responseHead(answer, request), items, choices[0]!, settlement, told), headers)
}
