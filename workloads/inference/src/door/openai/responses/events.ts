import type { Answer } from '@heddle/protocol'
import { malformed, type Piece } from '../../../output.ts'
import { followChoices, isCut } from '../../shared/choices.ts'
import type { Events } from '../../shared/stream.ts'
import { openAiError } from '../error.ts'
import { begun, ended, type Item, itemId, itemJson, logprobsOf, partOf, responseHead } from './answer.ts'
import type { ResponseRequest } from './request.ts'

/** What a delta of each kind of item is called, and what its end. */
const names = {
  reasoning: { delta: 'response.reasoning_text.delta', done: 'response.reasoning_text.done' },
  message: { delta: 'response.output_text.delta', done: 'response.output_text.done' },
  function_call: {
    delta: 'response.function_call_arguments.delta',
    done: 'response.function_call_arguments.done',
  },
} as const

const isCall = (item: Item): item is Extract<Item, { type: 'function_call' }> => item.type === 'function_call'

/** A response as its events, each with its number. One item is open at a time, and is closed before the next. */
export function responseEvents(answer: Answer, request: Pick<ResponseRequest, 'echo' | 'spec' | 'own'>): Events {
  const head = responseHead(answer, request)
  const { choices, add } = followChoices()
  const items: Item[] = []
  let sequence = 0
  /** The beginning of the open item's deltas, which is the same every time. */
  let before = ''
  let open: Item | undefined

  const event = (type: string, fields: object): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence++, ...fields })}\n\n`

  const begin = (item: Item): string => {
    const closed = end('completed')
    const at = { item_id: item.id, output_index: items.length }
    items.push(item)
    open = item
    const type = names[item.type].delta
    const start = JSON.stringify({ type, ...at, ...(isCall(item) ? {} : { content_index: 0 }) })
    before = `event: ${type}\ndata: ${start.slice(0, -1)},"sequence_number":`
    const added = event('response.output_item.added', {
      output_index: at.output_index,
      item: itemJson(item, 'in_progress'),
    })
    if (isCall(item)) return closed + added
    return closed + added + event('response.content_part.added', { ...at, content_index: 0, part: partOf(item) })
  }

  const delta = (text: string, logprobs: Piece['logprobs'], item = open): string => {
    const rest = item?.type === 'message' ? `,"logprobs":${logprobs ? JSON.stringify(logprobsOf(logprobs)) : '[]'}` : ''
    return `${before}${sequence++},"delta":${JSON.stringify(text)}${rest}}\n\n`
  }

  /** Closes the open item. */
  const end = (status: 'completed' | 'incomplete'): string => {
    if (!open) return ''
    const item = open
    open = undefined
    const at = { item_id: item.id, output_index: items.length - 1 }
    return (
      contentDone(item, at) +
      event('response.output_item.done', {
        output_index: at.output_index,
        item: itemJson(item, status),
      })
    )
  }

  const contentDone = (item: Item, at: { item_id: string; output_index: number }): string => {
    if (isCall(item) && item.json === '') {
      item.json = '{}'
      return delta('{}', undefined, item) + contentDone(item, at)
    }
    if (isCall(item)) return event(names.function_call.done, { ...at, name: item.name, arguments: item.json })
    const place = { ...at, content_index: 0 }
    const logprobs = item.type === 'message' ? { logprobs: logprobsOf(item.logprobs) } : {}
    return (
      event(names[item.type].done, { ...place, text: item.text, ...logprobs }) +
      event('response.content_part.done', { ...place, part: partOf(item) })
    )
  }

  const say = (type: 'reasoning' | 'message', text: string, logprobs: Piece['logprobs']): string => {
    const prefix = type === 'message' ? 'msg' : 'rs'
    const begins = open?.type === type ? '' : begin({ type, id: itemId(answer, prefix, items.length), text: '' })
    const item = open as Extract<Item, { text: string }>
    item.text += text
    if (logprobs && item.type === 'message') item.logprobs = (item.logprobs ?? []).concat(logprobs)
    return begins + delta(text, logprobs)
  }

  const call = (
    { id = '', name = '', arguments: json = '' }: NonNullable<Piece['toolCall']>,
    isNew: boolean,
  ): string => {
    const begins = isNew
      ? begin({
          type: 'function_call',
          id: itemId(answer, 'fc', items.length),
          callId: id,
          ...request.own(name),
          json: '',
        })
      : ''
    if (!open || !isCall(open)) throw malformed('a tool call goes on after something else')
    open.json += json
    return json === '' ? begins : begins + delta(json, undefined)
  }

  return {
    open: () =>
      event('response.created', { response: begun(head) }) + event('response.in_progress', { response: begun(head) }),
    piece(piece) {
      const known = choices[0]!.calls.length
      add(piece)
      const { text, reasoning, toolCall, logprobs } = piece
      let out = ''
      if (reasoning) out += say('reasoning', reasoning, undefined)
      if (text || logprobs) out += say('message', text ?? '', logprobs)
      if (toolCall) out += call(toolCall, choices[0]!.calls.length > known)
      return out
    },
    end(settlement, told) {
      const choice = choices[0]!
      const cut = isCut(choice, settlement)
      const empty = items.some(item => item.type !== 'reasoning')
        ? ''
        : begin({ type: 'message', id: itemId(answer, 'msg', items.length), text: '' })
      const closed = empty + end(cut ? 'incomplete' : 'completed')
      const type = cut ? 'response.incomplete' : 'response.completed'
      return closed + event(type, { response: ended(head, items, choice, settlement, told) })
    },
    error: thrown => failedEvents(thrown, begun(head), sequence),
  }
}

/** What ends a stream whose answer broke off, or never began: clients look for one of the two. */
export function failedEvents(thrown: unknown, response: object = { object: 'response' }, sequence = 0): string {
  const { message, code, param, heddle_code } = openAiError(thrown).body.error
  const events = [
    { type: 'response.failed', response: { ...response, status: 'failed', error: { code, message } } },
    { type: 'error', code, message, param, heddle_code },
  ]
  return events
    .map(({ type, ...fields }, i) => {
      const data = { type, sequence_number: sequence + i, ...fields }
      return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`
    })
    .join('')
}
