import { type Answer, type Door, type Exchange, HeddleError } from '@heddle/protocol'
import { openAiError } from './door/error.ts'
import { type ChatRequest, readChatRequest } from './door/request.ts'
import { completionOf, eventsOf, headOf, modelOf } from './door/response.ts'

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
}

/**
 * OpenAI's HTTP API in front of any house: models, and chat completions streamed or whole. What goes wrong before
 * the first token is thrown, for the edge to answer with {@link openAiDoor.error}; after it, an `error` event ends
 * the stream.
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
    { method: 'GET', path: '/v1/models/:id', handle: showModel },
    { method: 'POST', path: '/v1/chat/completions', handle: complete },
  ],
  error: openAiError,
}

function listModels(exchange: Exchange): void {
  exchange.json(200, { object: 'list', data: exchange.house.models().map(modelOf) })
}

function showModel(exchange: Exchange): void {
  const id = exchange.params['id'] ?? ''
  const model = exchange.house.models().find(it => it.id === id)
  if (!model) throw new HeddleError('model_unknown', `no model "${id}" here`, { cause: { param: 'model' } })
  exchange.json(200, modelOf(model))
}

async function complete(exchange: Exchange): Promise<void> {
  const request = readChatRequest(exchange.body, exchange.house.models())
  const { model, spec } = request
  const answer = await exchange.house.ask({ workload: 'inference', model: model.id, spec }, exchange.signal)
  answer.done.catch(() => {}) // an answer that breaks off says so through its deltas
  return request.stream ? streamed(exchange, request, answer) : whole(exchange, request, answer)
}

async function whole(exchange: Exchange, { model }: ChatRequest, answer: Answer): Promise<void> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of answer.deltas) text += decoder.decode(bytes, { stream: true })
  text += decoder.decode()
  const settlement = await answer.done
  exchange.json(200, completionOf(headOf(answer, model), text, settlement), { 'x-heddle-receipt': settlement.receipt })
}

async function streamed(exchange: Exchange, { model, includeUsage }: ChatRequest, answer: Answer): Promise<void> {
  const events = eventsOf(headOf(answer, model), includeUsage)
  const decoder = new TextDecoder()
  const deltas = answer.deltas[Symbol.asyncIterator]()
  // Status 200 is a promise: it is given when there is something to send.
  let next = await deltas.next()
  const out = exchange.stream(200, STREAM_HEADERS)
  let opening = events.role()
  try {
    while (!next.done) {
      const text = decoder.decode(next.value, { stream: true })
      const flowing = text === '' || out.write(opening + events.text(text))
      if (text !== '') opening = ''
      if (!flowing) await out.drained()
      next = await deltas.next()
    }
    const rest = decoder.decode()
    const settlement = await answer.done
    out.end(opening + (rest && events.text(rest)) + events.end(settlement))
  } catch (error) {
    await deltas.return?.()
    if (exchange.signal.aborted) out.end()
    else out.end(events.error(openAiError(error).body))
  }
}
