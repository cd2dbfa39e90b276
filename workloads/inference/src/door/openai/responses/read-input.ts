import { wholeArguments } from '../../../arguments.ts'
import { MAX_TOOL_CALLS } from '../../../limits.ts'
import type { Message } from '../../../spec.ts'
import { type Part, type Picture, type Said, textOf } from '../../shared/conversation.ts'
import { nameIn, refuse } from '../../shared/parse.ts'
import type { Input, Item } from './input.ts'
import type { OwnName } from './tools.ts'

type Assistant = Extract<Message, { role: 'assistant' }>
type Words = { said: Said[]; unused: string[] }

/**
 * Input items in the words of the workload: what an assistant thought, said and called, in a row, is one message. `model`
 * gives the name by which a model knows a function. Throws `bad_request` for what says nothing.
 */
export function readInput(
  input: Input,
  instructions: string | null | undefined,
  model: (own: OwnName) => string,
): Words {
  const said: Said[] = []
  const unused: string[] = []
  if (instructions) said.push({ message: { role: 'system', content: instructions }, names: { '': 'instructions' } })
  if (typeof input === 'string')
    return { said: [...said, { message: { role: 'user', content: input }, names: { '': 'input' } }], unused }
  /** The answer that goes on, or a new one where this item begins another. */
  const assistant = (
    at: string,
    fits: (last: Assistant) => boolean,
  ): { last: Assistant; names: Record<string, string> } => {
    const before = said.at(-1)
    if (before?.message.role === 'assistant' && fits(before.message))
      return { last: before.message, names: before.names as Record<string, string> }
    const last: Assistant = { role: 'assistant', content: '' }
    const names = { '': at }
    said.push({ message: last, names })
    return { last, names }
  }
  for (const [index, one] of input.entries()) {
    const at = `input[${index}]`
    if ('role' in one) {
      if (one.role === 'assistant') {
        const { last, names } = assistant(at, ({ content, toolCalls }) => content === '' && !toolCalls)
        last.content = one.content
        names['content'] = `${at}.content`
      } else if (one.role === 'user')
        said.push({ message: { role: 'user', content: one.content }, names: { '': at, content: `${at}.content` } })
      else said.push({ message: { role: 'system', content: one.content }, names: { '': at, content: `${at}.content` } })
    } else if (one.type === 'passed') unused.push(at)
    else if (one.type === 'reasoning') {
      const thought = textOf(one.content ?? [])
      if (thought !== '') assistant(at, () => false).last.reasoning = thought
      // What another house sealed, or summed up, is not what was thought.
      else if (one.encrypted_content || one.summary?.length) unused.push(at)
    } else if (isCall(one)) {
      const { last, names } = assistant(at, () => true)
      const calls = last.toolCalls ?? []
      if (calls.length === MAX_TOOL_CALLS) throw refuse(at, `is the ${MAX_TOOL_CALLS + 1}th call in a row`)
      names[`toolCalls.${calls.length}`] = at
      names[`toolCalls.${calls.length}.id`] = `${at}.call_id`
      names[`toolCalls.${calls.length}.arguments`] = `${at}.${fieldOf(one)}`
      last.toolCalls = [...calls, callOf(one, model)]
    } else said.push(resultOf(one, at))
  }
  return { said, unused }
}

type Call = Extract<Item, { type: 'function_call' | 'custom_tool_call' | 'local_shell_call' }>
type Result = Extract<Item, { output?: unknown }>
const isCall = (item: Item): item is Call =>
  'type' in item && ['function_call', 'custom_tool_call', 'local_shell_call'].includes(nameIn(item.type))

const fieldOf = ({ type }: Call): string =>
  type === 'function_call' ? 'arguments' : type === 'custom_tool_call' ? 'input' : 'action'

function callOf(call: Call, model: (own: OwnName) => string): NonNullable<Assistant['toolCalls']>[number] {
  const id = call.call_id
  if (call.type === 'local_shell_call') return { id, name: 'local_shell', arguments: JSON.stringify(call.action) }
  const name = model({ name: call.name, ...(call.namespace != null && { namespace: call.namespace }) })
  if (call.type === 'custom_tool_call') return { id, name, arguments: JSON.stringify({ input: call.input }) }
  return { id, name, arguments: wholeArguments(call.arguments ?? '') }
}

function resultOf(one: Result, at: string): Said {
  const parts: readonly Part[] =
    typeof one.output === 'string' ? [{ type: 'text', text: one.output }] : (one.output ?? [])
  const texts = parts.flatMap(part => (part.type === 'text' ? [part] : []))
  const pictures = parts.filter((part): part is Picture => part.type === 'image')
  const id = one.call_id ?? one.id ?? ''
  return {
    message: { role: 'tool', callId: id, content: textOf(texts) },
    names: { '': at, callId: `${at}.call_id`, content: `${at}.output` },
    pictures,
  }
}
