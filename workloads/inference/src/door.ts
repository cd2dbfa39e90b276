import type { Door } from '@heddle/protocol'
import { anthropicError } from './door/anthropic/error.ts'
import { countTokens, createMessage } from './door/anthropic/message.ts'
import { completeChat } from './door/openai/chat.ts'
import { completeText } from './door/openai/completions.ts'
import { embed } from './door/openai/embeddings.ts'
import { openAiError } from './door/openai/error.ts'
import { listModels, showModel } from './door/openai/models.ts'
import { quote } from './door/openai/quote.ts'
import { respond } from './door/openai/responses/responses.ts'

export { ollamaDoor } from './door/ollama.ts'
export { answerIn, continuing, goesOnFrom, type Request, requestFor, type Turn } from './door/openai/again.ts'

/**
 * OpenAI's HTTP API in front of any house. What goes wrong before the first token is thrown, for the edge to answer
 * with {@link openAiDoor.error}; after it, an `error` event ends the stream.
 *
 * @example
 * ```ts
 * // sketch
 * import { openAiDoor } from '@heddle/inference/door'
 * for (const route of openAiDoor.routes) edge.mount(route, openAiDoor.error)
 * ```
 */
export const openAiDoor: Door = {
  routes: [
    { method: 'GET', path: '/v1/models', handle: listModels },
    { method: 'GET', path: '/v1/models/:id*', handle: showModel },
    { method: 'POST', path: '/v1/chat/completions', handle: completeChat },
    { method: 'POST', path: '/v1/completions', handle: completeText },
    { method: 'POST', path: '/v1/embeddings', handle: embed },
    { method: 'POST', path: '/v1/responses', handle: respond },
    { method: 'POST', path: '/v1/quote', handle: quote },
  ],
  error: openAiError,
}

/** Anthropic's HTTP API in front of any house. Its list of models is at the same path as OpenAI's, and is there. */
export const anthropicDoor: Door = {
  routes: [
    { method: 'POST', path: '/v1/messages', handle: createMessage },
    { method: 'POST', path: '/v1/messages/count_tokens', handle: countTokens },
  ],
  error: anthropicError,
}
