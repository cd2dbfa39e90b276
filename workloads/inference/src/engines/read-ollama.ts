import { HeddleError } from '@heddle/protocol'
import { wholeArguments } from '../arguments.ts'
import { MAX_TOOL_CALLS } from '../limits.ts'
import type { Piece } from '../output.ts'
import type { GenerationSpec } from '../spec.ts'
import { startCallIds } from './call-ids.ts'
import { startCallNames } from './call-names.ts'
import { tokensIn } from './estimate.ts'
import { type EventReader, logprobOf } from './event.ts'
import { finishOf } from './finish.ts'
import { readForcedCall } from './forced-call.ts'
import { countAt, isObject, type Json, listAt, malformed, objectAt, parseObject, textAt, wordAt } from './json.ts'
import { errorIn, refusalInStream } from './refusal.ts'

/** Reads a stream of Ollama's `/api/chat` or `/api/generate`, one JSON object a line; counts come with the last one. */
export function ollamaReader(spec: GenerationSpec): EventReader {
  const { logprobs: most } = spec
  const nameCall = startCallIds(spec)
  const nameTool = startCallNames(spec)
  const chat = spec.task === 'chat' ? spec : undefined
  const forced = chat?.toolChoice === 'required' || typeof chat?.toolChoice === 'object'
  let held = ''
  let calls = 0
  return message => {
    const json = parseObject(message)
    const error = errorIn(json)
    if (error !== undefined) throw refusalInStream(error)
    // An answer that another machine made is none of ours, whatever the model is called.
    if (textAt(json, 'remote_host') || textAt(json, 'remote_model'))
      throw new HeddleError('model_withdrawn', 'the engine passes this model on to another machine')
    const said = objectAt(json, 'message')
    const text = textAt(json, 'response') ?? textAt(said, 'content') ?? ''
    const reasoning = textAt(said, 'thinking') ?? ''
    const logprobs = most === undefined ? [] : listAt(json, 'logprobs').map(one => logprobOf(one, most))
    const pieces: Piece[] = []
    if (reasoning !== '') pieces.push({ reasoning })
    if (forced) held += text
    else if (text !== '' || logprobs.length > 0)
      pieces.push({ ...(text !== '' ? { text } : {}), ...(logprobs.length > 0 ? { logprobs } : {}) })
    for (const call of listAt(said, 'tool_calls')) {
      const toolCall = readCall(call, calls, nameCall, nameTool)
      // Who wants one call at most gets the first.
      if (calls > 0 && chat?.parallelTools === false) continue
      calls++
      pieces.push({ toolCall })
    }
    const tokens = pieces.length === 0 && !(forced && text !== '') ? 0 : logprobs.length || tokensIn(reasoning + text)
    if (json['done'] !== true) return { pieces, tokens }
    const call = forced ? readForcedCall(held) : undefined
    if (call) pieces.push({ toolCall: { index: calls++, id: nameCall(undefined), ...call } })
    const finish = finishOf(json['done_reason'] ?? 'stop')
    pieces.push({ finish: calls > 0 && finish === 'stop' ? 'tool_calls' : finish })
    const prompt = countAt(json, 'prompt_eval_count')
    return { pieces, tokens, prompt, cached: 0, completion: countAt(json, 'eval_count') || undefined, done: true }
  }
}

/** A whole tool call; its arguments are an object here and a text everywhere else. */
function readCall(
  value: unknown,
  index: number,
  nameCall: (given: string | undefined) => string,
  nameTool: (given: string) => string,
): NonNullable<Piece['toolCall']> {
  if (!isObject(value)) throw malformed('a tool call is no object')
  if (index >= MAX_TOOL_CALLS) throw malformed(`there are more than ${MAX_TOOL_CALLS} tool calls`)
  const given: Json = objectAt(value, 'function')
  const name = textAt(given, 'name')
  if (!name) throw malformed('a tool call has no name')
  return {
    index,
    id: nameCall(wordAt(value, 'id')),
    name: nameTool(name),
    arguments:
      typeof given['arguments'] === 'string'
        ? wholeArguments(given['arguments'])
        : JSON.stringify(objectAt(given, 'arguments')),
  }
}
