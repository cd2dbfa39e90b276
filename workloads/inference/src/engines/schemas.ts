import { HeddleError, parseOrdered } from '@heddle/protocol'
import { budgeted } from '../engine/grammar/schema.ts'
import { formatGrammar } from '../engine/grammars.ts'
import { Refused } from '../engine/refused.ts'
import { readArguments, readSchema, type Strictness } from '../schema/read.ts'
import { writeSchema } from '../schema/write.ts'
import type { ChatSpec, Tool } from '../spec.ts'

/** Schemas of a job as engines get them: read by our own reader, and written anew. Nothing of them is ever passed on. */

/** What does not hold the engine to anything is told to the model as far as it is understood. */
const NO_ARGUMENTS = { type: 'object', properties: {} }

/** What a tool takes. Throws `unsupported_field`, `bad_request` for a strict one that could not be kept. */
export function parametersOf({ parameters, strict }: Tool, at: number): Record<string, unknown> {
  if (parameters === undefined) return NO_ARGUMENTS
  const path = `tools.${at}.parameters`
  const write = (strictness: Strictness) =>
    budgeted(
      path,
      budget => writeSchema(readArguments(parseOrdered(parameters), path, strictness, budget), 'tell').schema,
    )
  if (strict) return named(() => write('refuse'))
  try {
    return write('relax')
  } catch (error) {
    if (error instanceof Refused) return NO_ARGUMENTS
    throw error
  }
}

type SchemaFormat = Extract<NonNullable<ChatSpec['format']>, { type: 'schema' }>

/** What an answer is to be, as a schema. Throws `unsupported_field`, `bad_request`. */
export const answerSchema = ({ schema }: SchemaFormat): Record<string, unknown> =>
  named(() => {
    const path = 'format.schema'
    return budgeted(
      path,
      budget => writeSchema(readSchema(parseOrdered(schema), path, 'refuse', budget), 'hold').schema,
    )
  })

/** What an answer is to be, as a grammar in GBNF. Throws `unsupported_field`, `bad_request`. */
export const answerGrammar = (format: NonNullable<ChatSpec['format']>): string =>
  named(() => formatGrammar({ format })!)

/** Throws in the words of a daemon what is refused here. */
function named<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    throw new HeddleError(error.code, error.message, { cause: { param: error.param } })
  }
}
