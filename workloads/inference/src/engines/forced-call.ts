import { orderedObject } from '@heddle/protocol'
import type { ChatSpec, Tool } from '../spec.ts'
import { isShallow } from './json.ts'
import type { JobSchemas } from './schemas.ts'

/**
 * A call that must be made, at an engine that cannot be told so: its answer is held to the form of a call, and read as
 * one. What the model is told of its tools, it is told in words.
 */
export type ForcedCall = {
  /** What the answer is held to. */
  format: Record<string, unknown>
  /** What the model is told of it. */
  words: string
}

/** The forced call of a job; undefined where none is forced. Throws `unsupported_field` for a strict tool that cannot be kept. */
export function forcedCall({ tools = [], toolChoice }: ChatSpec, schemas: JobSchemas): ForcedCall | undefined {
  if (toolChoice !== 'required' && typeof toolChoice !== 'object') return undefined
  const offered = tools
    .map((tool, i) => ({ tool, parameters: schemas.parameters(tool, i) }))
    .filter(({ tool }) => toolChoice === 'required' || tool.name === toolChoice.name)
  const forms = offered.map(({ tool, parameters }) => formOf(tool, parameters))
  const definitions = Object.assign({}, ...offered.map(({ parameters }) => parameters['$defs'] ?? {})) as object
  const clash = offered.filter(({ parameters }) => parameters['$defs'] !== undefined).length > 1
  const format = forms.length === 1 ? forms[0]! : { anyOf: forms }
  const words = [
    'Call one of these functions now:',
    ...offered.map(({ tool: { name, description }, parameters }) =>
      JSON.stringify({ name, ...(description !== undefined && { description }), parameters }),
    ),
    'Answer with nothing but JSON of this form: {"name": <the function>, "arguments": <its arguments>}',
  ].join('\n')
  return {
    format: Object.keys(definitions).length > 0 && !clash ? { ...format, $defs: definitions } : format,
    words,
  }
}

function formOf({ name }: Tool, { $defs: _, ...parameters }: Record<string, unknown>): Record<string, unknown> {
  return {
    type: 'object',
    properties: orderedObject([
      ['name', { type: 'string', enum: [name] }],
      ['arguments', parameters],
    ]),
    required: ['name', 'arguments'],
    additionalProperties: false,
  }
}

/** The call that an answer in this form is; undefined for one that was cut. */
export function readForcedCall(text: string): { name: string; arguments: string } | undefined {
  try {
    if (!isShallow(text)) return undefined
    const { name, arguments: given } = JSON.parse(text) as { name: unknown; arguments: unknown }
    if (typeof name !== 'string' || typeof given !== 'object' || given === null) return undefined
    return { name, arguments: JSON.stringify(given) }
  } catch {
    return undefined
  }
}
