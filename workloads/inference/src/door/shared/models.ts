import { HeddleError, type House, type Model, meansModel } from '@heddle/protocol'
import { MAX_COMPLETION } from '../../limits.ts'

/** Completion tokens when the request names no number: a quarter of the context, at most this. */
const DEFAULT_COMPLETION = 512

type Choice = Pick<House, 'models' | 'refusal'>

/** The model that a name means; its own name comes first. */
const named = (models: readonly Model[], name: string): Model | undefined =>
  models.find(({ id }) => id === name) ?? models.find(({ id }) => meansModel(name, id))

/** A model by its name. Throws `model_unknown`, or why whoever asks may not have it. */
export function findModel(house: Choice, id: string): Model {
  const found = named(house.models(), id)
  if (found) return found
  throw house.refusal?.(id) ?? new HeddleError('model_unknown', `no model "${id}" here`, { cause: { param: 'model' } })
}

/** Those of the named models that are here, in the order they were named. Throws as {@link findModel} when none is. */
export function knownModels(house: Choice, names: readonly [string, ...string[]]): readonly [Model, ...Model[]] {
  const models = house.models()
  const [first, ...others] = new Set(names.flatMap(name => named(models, name) ?? []))
  return first ? [first, ...others] : [findModel(house, names[0])]
}

/** Names as the house has them; those that it does not know stay as they are. */
export const namesHere = (house: Choice, [first, ...others]: readonly [string, ...string[]]): [string, ...string[]] => {
  const models = house.models()
  const here = (id: string): string => named(models, id)?.id ?? id
  return [here(first), ...others.map(here)]
}

/** What is asked of the first model that is here when the request does not say how long the answer may become. */
export function defaultCompletion(models: readonly Model[], names: readonly string[]): number {
  const first = names.flatMap(name => named(models, name) ?? [])[0]
  // That none is here is told later, with the reason.
  const context = first?.context ?? 4 * DEFAULT_COMPLETION
  return Math.max(1, Math.min(DEFAULT_COMPLETION, MAX_COMPLETION, Math.floor(context / 4)))
}
