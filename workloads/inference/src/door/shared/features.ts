import { HeddleError, isHeddleError, type Model } from '@heddle/protocol'
import { type Feature, featuresOf } from '../../features.ts'
import type { ChatSpec, InferenceSpec } from '../../spec.ts'

/** Which fields of an API ask for a feature. Where there are several, the one that the request holds is named. */
export type FeatureFields = Partial<Readonly<Record<Feature, readonly string[]>>>

/** The field that asked for a feature. */
export function fieldOf(fields: FeatureFields, feature: unknown, body: unknown): string {
  const names = fields[feature as Feature] ?? ['model']
  return fieldsIn(body, names)[0] ?? names[0]!
}

/** Those of some fields that a request holds, by their whole path; saying no can need a feature too. */
export const fieldsIn = (body: unknown, names: readonly string[]): string[] =>
  names.filter(name => {
    const value = name
      .split('.')
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | null | undefined)?.[key], body)
    return value === false || Boolean(value)
  })

/**
 * A spec without what only hints and no model here can heed, and the fields that hinted: how much to think, one call at
 * a time, arguments that are held to their schema while they are written, what to remember.
 */
export function ease(
  models: readonly Model[],
  spec: InferenceSpec,
  hints: FeatureFields,
): { spec: InferenceSpec; unused: string[] } {
  const nobodyHas = (feature: Feature): boolean => !models.some(({ features }) => features.includes(feature))
  const unused: string[] = []
  const leave = (feature: Feature): boolean => {
    if (!nobodyHas(feature)) return false
    unused.push(...(hints[feature] ?? []))
    return true
  }
  leave('cache')
  if (spec.task !== 'chat') return { spec, unused }
  let eased: ChatSpec = spec
  if (leave('reasoning')) eased = without(eased, 'reasoning')
  if (eased.tools?.some(tool => tool.strict) && leave('strict'))
    eased = { ...eased, tools: eased.tools.map(tool => without(tool, 'strict')) }
  const forces = eased.toolChoice === 'required' || typeof eased.toolChoice === 'object'
  if (eased.parallelTools === false && !forces && leave('tool_choice')) eased = without(eased, 'parallelTools')
  return { spec: eased, unused }
}

function without<T extends object, K extends keyof T>(value: T, key: K): T {
  const { [key]: _, ...rest } = value
  return rest as T
}

/** Throws `unsupported_by_model` naming the field, when none of the models can do all that is asked. */
export function requireFeatures(
  models: readonly [Model, ...Model[]],
  spec: InferenceSpec,
  fields: FeatureFields,
  body: unknown,
): void {
  const wanted = featuresOf(spec)
  if (models.some(model => wanted.every(feature => model.features.includes(feature)))) return
  const [model] = models
  const feature = wanted.find(one => !model.features.includes(one)) ?? wanted[0]!
  throw lacking(fieldOf(fields, feature, body), `${model.id} has no "${feature}"`, feature)
}

const lacking = (param: string, message: string, feature: unknown): HeddleError =>
  new HeddleError('unsupported_by_model', `${param}: ${message}`, { cause: { param, feature } })

/** Names the field that asked for what a house finds nobody for; other errors stay what they are. */
export function nameFeature(error: unknown, fields: FeatureFields, body: unknown): unknown {
  if (!isHeddleError(error, 'unsupported_by_model')) return error
  const { feature, param } = (error.cause ?? {}) as { feature?: unknown; param?: unknown }
  return typeof param === 'string' ? error : lacking(fieldOf(fields, feature, body), error.message, feature)
}
