import type { Answer } from '@heddle/protocol'
import { malformed, type Piece } from '../../output.ts'
import type { ChatSpec } from '../../spec.ts'
import { followChoices } from '../shared/choices.ts'
import { noteOf } from '../shared/note.ts'
import { type Events, eventAround, namedEvent, type Style } from '../shared/stream.ts'
import { aboutTokens } from '../shared/usage.ts'
import { emptyMessage, stopOf, usageOf } from './answer.ts'
import { anthropicError } from './error.ts'
import { startInput } from './input.ts'
import type { MessageRequest } from './request.ts'

type Kind = 'text' | 'thinking' | 'tool_use'

const deltas = {
  text: (text: string) => ({ type: 'text_delta', text }),
  thinking: (text: string) => ({ type: 'thinking_delta', thinking: text }),
  tool_use: (text: string) => ({ type: 'input_json_delta', partial_json: text }),
}

/** What is known of usage before the first word: about how long the prompt is. The last event has the count. */
const usageBefore = (spec: ChatSpec) => ({
  input_tokens: aboutTokens(spec),
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: 0,
})

export const anthropicStyle: Style = {
  ping: sign => namedEvent('ping', sign ? { heddle: sign } : {}),
  error(thrown) {
    const { type: _, ...body } = anthropicError(thrown).body
    return namedEvent('error', body)
  },
}

/** A message as its events. One block is open at a time, and is closed before the next. */
export function messageEvents(answer: Answer, { spec, own }: Pick<MessageRequest, 'spec' | 'own'>): Events {
  const { choices, add } = followChoices()
  let index = -1
  let open: Kind | undefined
  let write: (text: string) => string = () => ''

  let input = startInput()

  const close = (): string => {
    if (!open) return ''
    const rest = open === 'tool_use' ? input.end() : ''
    open = undefined
    return (rest && write(rest)) + namedEvent('content_block_stop', { index })
  }
  const begin = (kind: Kind, block: object): string => {
    const closed = close()
    open = kind
    index += 1
    const make = deltas[kind]
    write = eventAround(text => namedEvent('content_block_delta', { index, delta: make(text) }))
    return closed + namedEvent('content_block_start', { index, content_block: { type: kind, ...block } })
  }
  const call = ({ id, name, arguments: json = '' }: NonNullable<Piece['toolCall']>, isNew: boolean): string => {
    const begins = isNew ? begin('tool_use', { id, name: own(name ?? ''), input: {}, caller: { type: 'direct' } }) : ''
    if (isNew) input = startInput()
    if (open !== 'tool_use') throw malformed('a tool call goes on after something else')
    const part = input.add(json)
    return part === '' ? begins : begins + write(part)
  }

  return {
    open: () =>
      namedEvent('message_start', { message: { ...emptyMessage(answer), usage: usageBefore(spec) } }) +
      namedEvent('ping', {}),
    piece(piece) {
      const known = choices[0]!.calls.length
      add(piece)
      const { text, reasoning, toolCall } = piece
      let out = ''
      if (reasoning) {
        if (open !== 'thinking') out += begin('thinking', { thinking: '', signature: '' })
        out += write(reasoning)
      }
      if (text) {
        if (open !== 'text') out += begin('text', { text: '', citations: null })
        out += write(text)
      }
      if (toolCall) out += call(toolCall, choices[0]!.calls.length > known)
      return out
    },
    end(settlement, told) {
      const choice = choices[0]!
      const delta = { ...stopOf(choice, settlement), stop_details: null, container: null }
      return (
        close() +
        namedEvent('message_delta', {
          delta,
          usage: usageOf(settlement, choice),
          heddle: noteOf(settlement, told),
        }) +
        namedEvent('message_stop', {})
      )
    },
    error: anthropicStyle.error,
  }
}
