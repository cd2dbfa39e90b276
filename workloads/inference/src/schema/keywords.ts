import type { Raw } from './raw.ts'
import { malformed } from './reading.ts'

/** Keywords that say nothing about which values are allowed. */
export const NOTES = new Set([
  ...['title', 'description', 'default', 'examples', '$comment', 'deprecated', 'readOnly', 'writeOnly', '$schema'],
  ...['$id', 'id', '$anchor', '$defs', 'definitions', '$vocabulary', 'discriminator'],
])
const OF_TYPE: Readonly<Record<string, readonly string[]>> = {
  object: [
    ...['properties', 'required', 'additionalProperties', 'propertyNames', 'patternProperties', 'minProperties'],
    ...['maxProperties', 'dependentRequired', 'unevaluatedProperties'],
  ],
  array: ['items', 'prefixItems', 'additionalItems', 'unevaluatedItems', 'minItems', 'maxItems', 'uniqueItems'],
  string: ['minLength', 'maxLength', 'pattern', 'format', 'contentEncoding', 'contentMediaType', 'contentSchema'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  integer: [],
  boolean: [],
  null: [],
}
const TYPES = Object.keys(OF_TYPE)
export const TYPED = new Set(Object.values(OF_TYPE).flat())
export const COMBINING = new Set(['$ref', 'type', 'const', 'enum', 'anyOf', 'oneOf', 'allOf', 'not'])
/** Keywords that allow fewer values, in ways that nothing here can hold. */
export const BEYOND = new Set([
  ...['if', 'then', 'else', 'dependentSchemas', 'dependencies', 'contains', 'minContains', 'maxContains'],
  ...['$dynamicRef', '$recursiveRef'],
])

/** The types that are named; those whose keywords stand there; none where all of them are meant. */
export function typesOf(raw: Raw, at: string): string[] | undefined {
  const { type } = raw
  if (type === undefined) {
    const meant = TYPES.filter(one => OF_TYPE[one]!.some(keyword => raw[keyword] !== undefined))
    return meant.length > 0 ? meant : undefined
  }
  const types = Array.isArray(type) ? type : [type]
  if (types.length === 0 || types.length > TYPES.length || !types.every(one => TYPES.includes(one as string)))
    return malformed(`${at}.type`, `must be one of ${TYPES.join(', ')}`)
  return [...new Set(types as string[])]
}
