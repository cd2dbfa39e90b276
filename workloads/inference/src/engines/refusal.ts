import { HeddleError } from '@heddle/protocol'
import { isObject, type Json, parseObject, saysSomething } from './json.ts'

const TOO_LONG =
  /context|too long|too large|exceeds? the (limit|available|maximum)|must be <= \d|maximum.{0,20}(length|tokens)|input length/i
/** What engines say of a question that they cannot read, with whatever status. */
const UNREADABLE = /schema|grammar|template|jinja|regex|invalid (value|request|json|image)|unsupported|unmarshal/i

/**
 * What a status other than 200 means. Whoever answers is alive: what it says is about this question, and nobody else's.
 * The engine's own words stay in the cause: they may name paths of this machine.
 */
export function refusal(status: number, text: string): HeddleError {
  const cause = { status, said: text.slice(0, 500) }
  if (status === 429 || status === 503 || status === 529)
    return new HeddleError('busy', 'the engine is busy', { cause })
  if (status === 404) return new HeddleError('model_withdrawn', 'the engine does not have the model', { cause })
  // Something that stands before an engine says so of an engine that is not there.
  if (status === 502 || status === 504 || (status >= 520 && status < 529))
    return new HeddleError('engine_down', `the engine answers ${status}`, { cause })
  if (status === 401 || status === 403 || status === 407)
    return new HeddleError('engine_down', 'the engine wants another key than it is shown', { cause })
  if (status === 402)
    return new HeddleError('engine_down', 'the engine wants to be paid by whoever runs it here', { cause })
  if (status === 408 || status === 499)
    return new HeddleError('engine_slow', `the engine gave up waiting, and answers ${status}`, { cause })
  if (status === 413)
    return new HeddleError('context_exceeded', 'the engine says that the question is too large', { cause })
  if (status < 400) return new HeddleError('engine_malformed', `the engine answers ${status}`, { cause })
  return aboutQuestion(messageOf(text), { cause, asked: status === 400 || status === 422 })
}

/** An error that an engine says in the middle of its answer, or instead of one. */
export const refusalInStream = (said: unknown): HeddleError =>
  aboutQuestion(messageIn(said), { cause: { said: messageIn(said).slice(0, 500) }, asked: false })

/**
 * The error that a message of a stream is, in the shapes that servers write it: `{error}`, `{object: "error"}`, and FastAPI's
 * `{detail}`. An `error` that says nothing stands in the messages of servers that write all of their fields.
 */
export function errorIn(json: Json): unknown {
  if (saysSomething(json['error'])) return json['error']
  if (json['object'] === 'error' || json['type'] === 'error') return json
  const isAnswer = 'choices' in json || 'message' in json
  return !isAnswer && saysSomething(json['detail']) ? json['detail'] : undefined
}

function aboutQuestion(message: string, { cause, asked }: { cause: object; asked: boolean }): HeddleError {
  if (TOO_LONG.test(message))
    return new HeddleError('context_exceeded', 'the engine says that the prompt is too long', {
      cause: { ...cause, ...roomIn(message) },
    })
  if (asked || UNREADABLE.test(message))
    return new HeddleError('bad_request', 'the engine refuses this request', { cause })
  return new HeddleError('engine_refused', 'the engine failed at this question', { cause })
}

/** Tokens that are left for an answer, where an engine says how long the prompt is, and what must hold both. */
function roomIn(message: string): { room?: number } {
  const prompt =
    /(\d+)(?: input tokens| tokens from the input| in (?:the|your) (?:messages|prompt)| `inputs` tokens)/.exec(message)
  const context = /(?:context length (?:is|of)(?: only)?|must be <=) (\d+)/.exec(message)
  // One less: some servers want it to be below.
  return prompt && context ? { room: Number(context[1]) - Number(prompt[1]) - 1 } : {}
}

function messageOf(text: string): string {
  try {
    return messageIn(parseObject(text)['error'] ?? text)
  } catch {
    return text
  }
}

function messageIn(error: unknown): string {
  if (isObject(error) && typeof error['message'] === 'string') return `${error['message']} ${error['type']}`
  return typeof error === 'string' ? error : JSON.stringify(error)
}
