import type { Exchange } from '@heddle/protocol'
import { prepare } from '../shared/ask.ts'
import { streamAnswer } from '../shared/stream.ts'
import { askWhole } from '../shared/whole.ts'
import { chatCompletionOf } from './chat-answer.ts'
import { chatEvents } from './chat-events.ts'
import { readChatRequest } from './chat-request.ts'
import { headOf } from './head.ts'
import { dataStyle } from './style.ts'

/** `POST /v1/chat/completions`, streamed or whole. */
export async function completeChat(exchange: Exchange): Promise<void> {
  const request = readChatRequest(exchange.body, exchange.house.models())
  const prepared = await prepare(exchange, request)
  const { includeUsage } = request
  const choices = request.spec.choices ?? 1
  if (request.stream)
    return streamAnswer(exchange, prepared, {
      style: dataStyle,
      choices,
      events: answer => chatEvents(headOf(answer, 'chatcmpl'), { includeUsage, choices }),
    })
  const { answer, whole, told, headers } = await askWhole(exchange, prepared, choices)
  exchange.json(200, chatCompletionOf(headOf(answer, 'chatcmpl'), whole, told), headers)
}
