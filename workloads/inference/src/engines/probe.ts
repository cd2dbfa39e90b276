import { isHeddleError } from '@heddle/protocol'
import type { Feature } from '../features.ts'
import type { EngineHttp } from './http.ts'
import { isObject, type Json, listAt, objectAt, textAt } from './json.ts'

/** What an engine was seen to do, when it was asked to. */
export type Probed = { features: readonly Feature[] }

const PROBE_MS = 120_000
const MESSAGES = [{ role: 'user', content: 'Say yes.' }]
const TOOL = { type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } }
const WORD = 'heddle'

/**
 * Asks an engine with OpenAI's API for a few tokens, each time with another field, and looks whether the answer shows
 * that it was honoured. Of tools it cannot show: whoever takes them is believed. Some engines pass over what they do not
 * know, so nothing is believed of the others that did not come back.
 */
export async function probeOpenAi(http: EngineHttp, model: string, signal: AbortSignal): Promise<Probed> {
  const ask = async (path: string, fields: Record<string, unknown>): Promise<Json | undefined> => {
    try {
      const body = { model, max_tokens: 8, temperature: 0, stream: false, ...fields }
      const answer = await http.json('POST', path, body, { timeoutMs: PROBE_MS, signal })
      const [choice] = listAt(answer, 'choices')
      return isObject(choice) ? choice : undefined
    } catch (error) {
      if (isHeddleError(error, 'aborted') || isHeddleError(error, 'engine_down')) throw error
      return undefined
    }
  }
  const chat = (fields: Record<string, unknown>) => ask('/v1/chat/completions', { messages: MESSAGES, ...fields })
  const contentOf = (choice: Json | undefined): string => textAt(objectAt(choice ?? {}, 'message'), 'content') ?? ''
  // One after the other: some engines do one thing at a time, and all of them have better to do.
  const features: Feature[] = ['chat']
  if (await chat({ tools: [TOOL], tool_choice: 'auto', max_tokens: 1 })) features.push('tools')
  const schema = { name: 'answer', strict: true, schema: { type: 'string', enum: [WORD] } }
  if (contentOf(await chat({ response_format: { type: 'json_schema', json_schema: schema } })) === `"${WORD}"`)
    features.push('schema', 'json')
  const told = objectAt((await chat({ logprobs: true, top_logprobs: 1, max_tokens: 1 })) ?? {}, 'logprobs')
  if (listAt(told, 'content').length > 0) features.push('logprobs')
  if (typeof (await ask('/v1/completions', { prompt: 'Yes', max_tokens: 1 }))?.['text'] === 'string')
    features.push('completion')
  return { features }
}

/** Whether an engine takes tools, where the rest is known: a server that was started without them says so at once. */
export async function probeTools(http: EngineHttp, model: string, signal: AbortSignal): Promise<Probed> {
  const body = {
    model,
    max_tokens: 1,
    temperature: 0,
    stream: false,
    messages: MESSAGES,
    tools: [TOOL],
    tool_choice: 'auto',
  }
  try {
    await http.json('POST', '/v1/chat/completions', body, { timeoutMs: PROBE_MS, signal })
    return { features: ['tools'] }
  } catch (error) {
    if (!isHeddleError(error, 'bad_request') && !isHeddleError(error, 'engine_malformed')) throw error
    // An answer that is no JSON object is a stream: it was taken.
    return { features: isHeddleError(error, 'engine_malformed') ? ['tools'] : [] }
  }
}
