import type { Exchange } from '@heddle/protocol'
import { ask } from '../shared/ask.ts'
import { gather } from '../shared/choices.ts'
import { receiptHeader } from '../shared/note.ts'
import { streamAnswer } from '../shared/stream.ts'
import { chatCompletionOf } from './chat-answer.ts'
import { chatEvents } from './chat-events.ts'
import { readChatRequest } from './chat-request.ts'
import { headOf } from './head.ts'

/** `POST /v1/chat/completions`, streamed or whole. */
export async function completeChat(exchange: Exchange): Promise<void> {
  const request = readChatRequest(exchange.body, exchange.house.models())
  const answer = await ask(exchange, request)
  const head = headOf(answer, 'chatcmpl')
  const { includeUsage, unused } = request
  const choices = request.spec.choices ?? 1
  if (request.stream) return streamAnswer(exchange, answer, chatEvents(head, { includeUsage, choices, unused }))
  const whole = await gather(answer, choices)
  exchange.json(200, chatCompletionOf(head, whole, unused), receiptHeader(whole.settlement))
}
