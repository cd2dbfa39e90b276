import { HeddleError, isHeddleError, type Model } from '@heddle/protocol'
import { type Feature, featuresOf } from '../../features.ts'
import type { InferenceSpec } from '../../spec.ts'

/** Which fields of an API ask for a feature. Where there are several, the one that the request holds is named. */
export type FeatureFields = Partial<Readonly<Record<Feature, readonly string[]>>>

/** The field that asked for a feature. */
export function fieldOf(fields: FeatureFields, feature: unknown, body: unknown): string {
  const names = fields[feature as Feature] ?? ['model']
  const given = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  // Saying no can need a feature too.
  const asks = (value: unknown): boolean => value === false || Boolean(value)
  return names.find(name => asks(given[name.split('.')[0]!])) ?? names[0]!
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

/** How an API calls the fields of the workload's spec, where it calls them otherwise. */
export type SpecFields = Readonly<Record<string, string>>

/** A field of the spec in the words of an API; what stands below it is called the same. */
function renamed(param: string, fields: SpecFields): string {
  const known = Object.keys(fields).filter(name => param === name || /^[.[]/.test(param.slice(name.length)))
  const [longest] = known.filter(name => param.startsWith(name)).sort((a, b) => b.length - a.length)
  return longest === undefined ? param : fields[longest] + param.slice(longest.length)
}

/** Gives what a house refuses the name that the field has in this API; other errors stay what they are. */
export function nameField(error: unknown, features: FeatureFields, fields: SpecFields, body: unknown): unknown {
  if (!isHeddleError(error)) return error
  const { feature, param } = (error.cause ?? {}) as { feature?: unknown; param?: unknown }
  if (typeof param === 'string') {
    const name = renamed(param, fields)
    if (name === param) return error
    return new HeddleError(error.code, error.message.replaceAll(param, name), { cause: { param: name } })
  }
  if (error.code !== 'unsupported_by_model') return error
  return lacking(fieldOf(features, feature, body), error.message, feature)
}
