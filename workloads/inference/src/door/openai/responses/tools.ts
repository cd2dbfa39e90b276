import { createHash } from 'node:crypto'
import { z } from 'zod'
import { boundedText, toolName } from '../../../fields.ts'
import { MAX_TOOLS } from '../../../limits.ts'
import { optional, pick, refuse } from '../../shared/parse.ts'
import {
  amongOf,
  type ForeignTool,
  functionFields,
  type Offered,
  type ReadTools,
  readTool,
  readTools,
  toolList,
} from '../tools.ts'

const functionTool = z.strictObject({ type: optional(z.literal('function')), ...functionFields })
type FunctionTool = z.infer<typeof functionTool>

/** Functions under one name, and tools of other kinds beside them. */
const namespaceTool = z.strictObject({
  type: z.literal('namespace'),
  name: toolName,
  description: optional(boundedText),
  tools: toolList<FunctionTool>({ function: functionTool }, 'function'),
})
type NamespaceTool = z.infer<typeof namespaceTool>

const named = z.strictObject({ type: z.literal('function'), name: toolName, namespace: optional(toolName) })
const allowed = z.strictObject({
  type: z.literal('allowed_tools'),
  mode: z.enum(['auto', 'required']),
  tools: z.array(z.unknown()).max(MAX_TOOLS),
})
const CHOICE = 'must be none, auto, required, a function by its name, or allowed_tools'

export const toolFields = {
  tools: toolList<FunctionTool | NamespaceTool>({ function: functionTool, namespace: namespaceTool }, 'function'),
  tool_choice: optional(
    pick<'none' | 'auto' | 'required' | z.infer<typeof named> | z.infer<typeof allowed>>(value => {
      const { type } = (value ?? {}) as { type?: unknown }
      if (type === 'function') return named
      return type === 'allowed_tools' ? allowed : z.enum(['none', 'auto', 'required'], { error: CHOICE })
    }),
  ),
  parallel_tool_calls: optional(z.boolean()),
}
type ToolFields = z.infer<z.ZodObject<typeof toolFields>>

/** A function as its client calls it. */
export type OwnName = Readonly<{ name: string; namespace?: string }>

export type ResponseTools = {
  tools: ReadTools
  /** What a model's name of a function is to the client. */
  own(name: string): OwnName
  /** What the client's name of a function is to a model. */
  model(own: OwnName): string
}

type Found = OwnName & Offered

/**
 * Tools in the words of the workload. A model knows no namespaces: a function in one is called by its own name, or where
 * two have the same, by both. Throws `bad_request` for more functions than one question may have.
 */
export function readResponseTools(fields: ToolFields): ResponseTools {
  const { tools, tool_choice: choice, parallel_tool_calls: parallel } = fields
  const found = (tools ?? []).flatMap((one, index) => foundAt(one, `tools[${index}]`))
  if (found.filter(({ tool }) => tool).length > MAX_TOOLS) throw refuse('tools', `has more than ${MAX_TOOLS} functions`)
  const counts = new Map<string, number>()
  for (const { name, tool } of found) if (tool) counts.set(name, (counts.get(name) ?? 0) + 1)
  const model = ({ name, namespace }: OwnName): string =>
    namespace !== undefined && (counts.get(name) ?? 0) > 1 ? bothOf(namespace, name) : name
  const offered = found.map(({ at, tool, ...own }) => (tool ? { at, tool: { ...tool, name: model(own) } } : { at }))
  const names = new Map(
    found.flatMap(({ name, namespace, tool }) =>
      tool && namespace !== undefined ? [[model({ name, namespace }), { name, namespace }] as const] : [],
    ),
  )
  const read = (): ReadTools => {
    if (typeof choice !== 'object' || choice === null) return readTools(offered, choice ?? undefined, parallel)
    if (choice.type === 'allowed_tools') return readTools(offered, choice.mode, parallel, amongOf(choice.tools))
    const { name, namespace } = choice
    return readTools(offered, { name: model({ name, ...(namespace != null && { namespace }) }) }, parallel)
  }
  return { tools: read(), own: name => names.get(name) ?? { name }, model }
}

/** Longest name of a function. */
const MAX_NAME = 64

/** Namespace and name as one; of what is too long for a name, so much that no two become one. */
function bothOf(namespace: string, name: string): string {
  const both = `${namespace}__${name}`
  if (both.length <= MAX_NAME) return both
  const mark = createHash('sha256').update(both).digest('hex').slice(0, 12)
  return `${both.slice(0, MAX_NAME - mark.length - 1)}_${mark}`
}

function foundAt(one: FunctionTool | NamespaceTool | ForeignTool, at: string): Found[] {
  if (isFunction(one)) return [{ at, name: one.name, tool: readTool(one) }]
  if (!isNamespace(one)) return [{ at, name: '' }]
  const { name: namespace, description, tools } = one
  if (!tools?.length) return [{ at, name: '' }]
  return tools.map((inner, index): Found => {
    const place = `${at}.tools[${index}]`
    if (!isFunction(inner)) return { at: place, name: '' }
    const tool = readTool(inner)
    // A model is told what its functions have in common where it looks: at each of them.
    const words = [tool.description, description && `Part of ${namespace}: ${description}`].filter(Boolean).join('\n')
    return { at: place, name: inner.name, namespace, tool: { ...tool, ...(words && { description: words }) } }
  })
}

const isFunction = (tool: { type?: string | null | undefined }): tool is FunctionTool =>
  tool.type == null || tool.type === 'function'
const isNamespace = (tool: { type?: string | null | undefined }): tool is NamespaceTool => tool.type === 'namespace'
