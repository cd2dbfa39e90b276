import { HeddleError } from '@heddle/protocol'
import { isObject, parseObject } from './json.ts'

const TOO_LONG = /context|too long|exceeds? the (limit|available)|maximum.{0,20}(length|tokens)/i

/** What a status other than 200 means. The engine's own words stay in the cause: they may name paths of this machine. */
export function refusal(status: number, text: string): HeddleError {
  const cause = { status, said: text.slice(0, 500) }
  if (status === 429 || status === 503) return new HeddleError('busy', 'the engine is busy', { cause })
  if (status === 404) return new HeddleError('model_withdrawn', 'the engine does not have the model', { cause })
  const asked = status === 400 || status === 413 || status === 422
  if (asked && TOO_LONG.test(messageOf(text)))
    return new HeddleError('context_exceeded', 'the engine says that the prompt is too long', { cause })
  if (asked) return new HeddleError('bad_request', 'the engine refuses this request', { cause })
  return new HeddleError('engine_down', `the engine answers ${status}`, { cause })
}

function messageOf(text: string): string {
  try {
    const { error } = parseObject(text)
    if (isObject(error)) return `${error['message']} ${error['type']}`
    return typeof error === 'string' ? error : text
  } catch {
    return text
  }
}
