import type { ChatHistoryItem, ChatModelFunctionCall, ChatModelResponse } from 'node-llama-cpp'
import type { ChatSpec, Message, Tool } from '../spec.ts'
import { Refused } from './refused.ts'

/**
 * A conversation in node-llama-cpp's words: a call and its result are one thing there, and belong to the answer that
 * made the call. Ends with the answer to be continued. Throws `Refused` for a call without a result, a result without
 * a call, or arguments that are no JSON, by its place in the job; `added` messages stand before the job's own.
 */
export function historyOf(
  messages: readonly Message[],
  { thoughts, added = 0 }: { thoughts: boolean; added?: number },
): ChatHistoryItem[] {
  const items: ChatHistoryItem[] = []
  const open = new Map<string, ChatModelFunctionCall>()
  let answer: ChatModelResponse | undefined // whose calls have just been answered: it goes on
  const settled = (at: string) => {
    if (open.size > 0) throw wrong(`the call ${[...open.keys()][0]} has no result`, at)
  }
  messages.forEach((message, index) => {
    const at = `messages.${index - added}`
    if (message.role === 'tool') {
      const call = open.get(message.callId)
      if (!call) throw wrong(`no call has the id ${message.callId}, or it has its result already`, `${at}.callId`)
      call.result = readResult(message.content)
      open.delete(message.callId)
      return
    }
    settled(at)
    if (message.role !== 'assistant') {
      answer = undefined
      items.push({ type: message.role, text: textOf(message.content) })
      return
    }
    if (!answer) {
      answer = { type: 'model', response: [] }
      items.push(answer)
    }
    const { response } = answer
    if (message.reasoning && thoughts)
      response.push({ type: 'segment', segmentType: 'thought', text: message.reasoning, ended: true })
    if (message.content !== '' || !message.toolCalls) response.push(message.content)
    const calls = message.toolCalls ?? []
    calls.forEach((call, i) => {
      if (open.has(call.id)) throw wrong(`two calls have the id ${call.id}`, `${at}.toolCalls.${i}.id`)
      const params = readArguments(call.arguments, `${at}.toolCalls.${i}.arguments`)
      const item: ChatModelFunctionCall = { type: 'functionCall', name: call.name, params, result: '' }
      if (i === 0) item.startsNewChunk = true
      open.set(call.id, item)
      response.push(item)
    })
    if (calls.length === 0) answer = undefined
  })
  settled('messages')
  if (!answer) items.push({ type: 'model', response: [] })
  return items
}

type Content = Exclude<Message, { role: 'tool' }>['content']

export const textOf = (content: Content): string =>
  typeof content === 'string' ? content : content.map(part => (part.type === 'text' ? part.text : '')).join('')

const wrong = (message: string, param: string): Refused => new Refused('bad_request', message, param)

function readArguments(json: string, at: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(json === '' ? '{}' : json)
  } catch {
    throw wrong('the arguments of a call must be JSON', at)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong('the arguments of a call must be a JSON object', at)
  return value
}

/** JSON as what it says, anything else as the text that it is. */
function readResult(content: string): unknown {
  if (!/^\s*[[{]/.test(content)) return content
  try {
    return JSON.parse(content)
  } catch {
    return content
  }
}

/** Words for the model about the tools or the format, where its template has none of its own: the end of the system message. */
export function instruct(messages: readonly Message[], words: string): Message[] {
  if (words === '') return [...messages]
  const first = messages.findIndex(message => message.role !== 'system')
  const last = (first < 0 ? messages.length : first) - 1
  const system = messages[last]
  if (system?.role !== 'system') return [{ role: 'system', content: words }, ...messages]
  return messages.with(last, { role: 'system', content: `${system.content}\n\n${words}` })
}

/** What the generic form of a call tells the model. The schemas stand there as they came. */
export function wordsOfTools({ tools = [] }: Pick<ChatSpec, 'tools'>): string {
  return [
    'You can call these functions:',
    ...tools.map(wordsOf),
    'To call one, write nothing but its name and its arguments as JSON, like this:',
    '||call: getSomeInfo({"someKey": "someValue"})',
    'Its result then follows, after "||result:". The user does not see calls and results: say what you learnt from them.',
  ].join('\n')
}

const wordsOf = ({ name, description, parameters, strict }: Tool): string => {
  const members = Object.entries({ name, description, parameters, strict }).filter(([, value]) => value !== undefined)
  return `{${members.map(([key, value]) => `"${key}":${key === 'parameters' ? value : JSON.stringify(value)}`).join(',')}}`
}

/** What a wanted format tells the model; the grammar holds it to it. */
export function wordsOfFormat({ format }: Pick<ChatSpec, 'format'>): string {
  if (!format) return ''
  if (format.type === 'json') return 'Answer with a JSON object and nothing else.'
  return `Answer with JSON that this JSON schema describes, and nothing else:\n${format.schema}`
}
