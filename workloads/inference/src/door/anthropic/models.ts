import type { Model } from '@heddle/protocol'

/** A model in Anthropic's shape. When its weights were made is not known here: the beginning of time says so. */
export const anthropicModel = ({ id, digest, context, prices, features, quantization }: Model) => ({
  type: 'model',
  id,
  display_name: id,
  created_at: '1970-01-01T00:00:00Z',
  max_input_tokens: context,
  heddle: { digest, context, prices, features, ...(quantization && { quantization }) },
})

/** All models are on one page. */
export const anthropicModels = (models: readonly Model[]) => ({
  data: models.map(anthropicModel),
  has_more: false,
  first_id: models[0]?.id ?? null,
  last_id: models.at(-1)?.id ?? null,
})
