import type { Exchange, Model } from '@heddle/protocol'
import { anthropicError } from '../anthropic/error.ts'
import { anthropicModel, anthropicModels } from '../anthropic/models.ts'
import { findModel } from '../shared/models.ts'

const modelOf = ({ id, digest, context, prices, features, quantization }: Model) => ({
  id,
  object: 'model',
  created: 0,
  owned_by: 'heddle',
  heddle: { digest, context, prices, features, ...(quantization && { quantization }) },
})

/** Two APIs share these paths; Anthropic's clients always say which version of theirs they speak. */
const isAnthropic = (exchange: Exchange): boolean => exchange.header('anthropic-version') !== undefined

/** `GET /v1/models` */
export function listModels(exchange: Exchange): void {
  const models = exchange.house.models()
  exchange.json(200, isAnthropic(exchange) ? anthropicModels(models) : { object: 'list', data: models.map(modelOf) })
}

/** `GET /v1/models/:id`. Throws `model_unknown`, except to Anthropic's clients: they are answered in their shape. */
export function showModel(exchange: Exchange): void {
  const id = exchange.params['id'] ?? ''
  if (!isAnthropic(exchange)) {
    exchange.json(200, modelOf(findModel(exchange.house, id)))
    return
  }
  try {
    exchange.json(200, anthropicModel(findModel(exchange.house, id)))
  } catch (error) {
    const { status, body } = anthropicError(error)
    exchange.json(status, body)
  }
}
