import { HeddleError, parseOrdered } from '@heddle/protocol'
import { budgeted } from '../engine/grammar/schema.ts'
import { formatGrammar } from '../engine/grammars.ts'
import { Refused } from '../engine/refused.ts'
import { type Budget, startBudget, TOOL_STEPS } from '../schema/budget.ts'
import { readArguments, readSchema } from '../schema/read.ts'
import { writeSchema } from '../schema/write.ts'
import type { ChatSpec, Tool } from '../spec.ts'

type Format = NonNullable<ChatSpec['format']>
type SchemaFormat = Extract<Format, { type: 'schema' }>
type Written = Record<string, unknown>

/**
 * The schemas of one job as an engine gets them: read by our own reader, and written anew. Nothing of them is ever
 * passed on. All of them together cost at most one budget, however many tools somebody sends.
 */
export type JobSchemas = {
  /**
   * What a tool takes. Where that cannot be held, or there is nothing left to read it with, it is left out, and of a
   * strict tool refused: throws `unsupported_field`, `bad_request`.
   */
  parameters(tool: Tool, at: number): Written
  /** What an answer is to be, as a schema. Throws `unsupported_field`, `bad_request`. */
  answer(format: SchemaFormat): Written
  /** What an answer is to be, as a grammar in GBNF. Throws `unsupported_field`, `bad_request`. */
  grammar(format: Format): string
}

/** What does not hold the engine to anything is told to the model as far as it is understood. */
const NO_ARGUMENTS: Written = { type: 'object', properties: {} }

/**
 * Begins a job's schemas.
 *
 * @example
 * ```ts
 * // sketch
 * const schemas = startSchemas()
 * const tools = spec.tools.map((tool, i) => schemas.parameters(tool, i))
 * ```
 */
export function startSchemas(budget: Budget = startBudget()): JobSchemas {
  /** Tools that take the same are read once. */
  const told = new Map<string, Written>()
  const held = new Map<string, Written>()

  function strictly(text: string, path: string): Written {
    const known = held.get(text)
    if (known) return known
    const schema = named(() =>
      budgeted(
        path,
        budget,
        () => writeSchema(readArguments(parseOrdered(text), path, 'refuse', budget), 'both', budget).schema,
      ),
    )
    held.set(text, schema)
    return schema
  }
  function asFarAsUnderstood(text: string, path: string): Written {
    const part = budget.part(TOOL_STEPS)
    try {
      return budgeted(
        path,
        part,
        () => writeSchema(readArguments(parseOrdered(text), path, 'relax', part), 'tell', part).schema,
      )
    } catch (error) {
      if (error instanceof Refused) return NO_ARGUMENTS
      throw error
    }
  }
  return {
    parameters({ parameters, strict }, at) {
      if (parameters === undefined) return NO_ARGUMENTS
      const path = `tools.${at}.parameters`
      if (strict) return strictly(parameters, path)
      const schema = told.get(parameters) ?? asFarAsUnderstood(parameters, path)
      told.set(parameters, schema)
      return schema
    },
    answer: ({ schema }) =>
      named(() => {
        const path = 'format.schema'
        return budgeted(
          path,
          budget,
          () => writeSchema(readSchema(parseOrdered(schema), path, 'refuse', budget), 'hold', budget).schema,
        )
      }),
    grammar: format => named(() => formatGrammar({ format }, { budget })!),
  }
}

/** Throws in the words of a daemon what is refused here. */
function named<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    throw new HeddleError(error.code, error.message, { cause: { param: error.param } })
  }
}
