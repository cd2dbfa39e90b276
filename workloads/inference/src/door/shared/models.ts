import { HeddleError, type Model } from '@heddle/protocol'
import { MAX_COMPLETION } from '../../limits.ts'

/** Completion tokens when the request names no number: a quarter of the context, at most this. */
const DEFAULT_COMPLETION = 512

/** A model by its name. Throws `model_unknown`. */
export function findModel(models: readonly Model[], id: string): Model {
  const found = models.find(model => model.id === id)
  if (!found) throw new HeddleError('model_unknown', `no model "${id}" here`, { cause: { param: 'model' } })
  return found
}

/** Those of the named models that are here, in the order they were named. Throws `model_unknown` when none is. */
export function knownModels(
  models: readonly Model[],
  names: readonly [string, ...string[]],
): readonly [Model, ...Model[]] {
  const [first, ...others] = names.flatMap(name => models.find(model => model.id === name) ?? [])
  return first ? [first, ...others] : [findModel(models, names[0])]
}

/** What is asked of a model when the request does not say how long the answer may become. */
export const defaultCompletion = ({ context }: Model): number =>
  Math.max(1, Math.min(DEFAULT_COMPLETION, MAX_COMPLETION, Math.floor(context / 4)))
