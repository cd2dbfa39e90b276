import { HeddleError, parseOrdered } from '@heddle/protocol'
import { budgeted } from '../../engine/grammar/schema.ts'
import { Refused } from '../../engine/refused.ts'
import { type Budget, startBudget } from '../../schema/budget.ts'
import { readArguments, readSchema } from '../../schema/read.ts'
import type { InferenceSpec } from '../../spec.ts'
import { type Names, nameOf } from './names.ts'

/**
 * What of the schemas that an answer is held to is passed over: formats that only describe, keywords that nobody knows.
 * Throws, before anybody is asked, `unsupported_field` and `bad_request` for what no engine here could be held to.
 */
export function passedInSchemas(spec: InferenceSpec, names: Names): string[] {
  if (spec.task !== 'chat') return []
  const { format, tools = [] } = spec
  const budget = startBudget()
  const paths = [
    ...(format?.type === 'schema' ? passedIn(format.schema, 'format.schema', readSchema, budget) : []),
    ...tools.flatMap(({ strict, parameters }, i) =>
      strict && parameters !== undefined ? passedIn(parameters, `tools.${i}.parameters`, readArguments, budget) : [],
    ),
  ]
  return paths.map(path => nameOf(path, names) ?? path)
}

function passedIn(text: string, path: string, read: typeof readSchema, budget: Budget): readonly string[] {
  try {
    return budgeted(path, budget, () => read(parseOrdered(text), path, 'refuse', budget)).passed
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    throw new HeddleError(error.code, error.message, { cause: { param: error.param } })
  }
}
