import type { Piece } from '../../output.ts'
import { followChoices } from '../shared/choices.ts'
import { noteOf } from '../shared/note.ts'
import { dataEvent, type Events, eventAround } from '../shared/stream.ts'
import { finishReason, logprobsOf, reasoningOf } from './chat-answer.ts'
import { openAiError } from './error.ts'
import { type Head, usageOf } from './head.ts'

export const DONE = 'data: [DONE]\n\n'

export type StreamOptions = { includeUsage: boolean; choices: number }

/** Whether a piece is text of the first choice and nothing else: nearly all are. */
const isPlain = ({ text, choice, logprobs, reasoning, toolCall, finish }: Piece): boolean =>
  text !== undefined && !choice && !logprobs && reasoning === undefined && !toolCall && !finish

/** A chat completion as its chunks. The last one carries the note about the receipt. */
export function chatEvents(head: Head, { includeUsage, choices: count }: StreamOptions): Events {
  const { choices, add } = followChoices(count)
  const chunk = (parts: readonly unknown[], more: object = {}) => ({
    ...head,
    object: 'chat.completion.chunk',
    choices: parts,
    ...(includeUsage && { usage: null }),
    ...more,
  })
  const part = (index: number, delta: object, logprobs: object | null = null, reason: string | null = null) => ({
    index,
    delta,
    logprobs,
    finish_reason: reason,
  })
  /** Of each choice the call that is being told: where it says nothing, its arguments are an empty object. */
  const calling = choices.map((): { index: number; isEmpty: boolean } | undefined => undefined)
  const callEnds = (at: number): string => {
    const call = calling[at]
    calling[at] = undefined
    return call?.isEmpty
      ? dataEvent(chunk([part(at, { tool_calls: [callDelta({ index: call.index, arguments: '{}' })] })]))
      : ''
  }
  const follow = (at: number, { index, id, arguments: json = '' }: NonNullable<Piece['toolCall']>): string => {
    const ended = id === undefined ? '' : callEnds(at)
    const before = calling[at]
    calling[at] = { index, isEmpty: json === '' && (before?.isEmpty ?? true) }
    return ended
  }
  const plain = eventAround(text => dataEvent(chunk([part(0, { content: text })])))
  const thought = eventAround(text => dataEvent(chunk([part(0, reasoningOf(text))])))
  return {
    open: () =>
      choices
        .map((_, index) => dataEvent(chunk([part(index, { role: 'assistant', content: '', refusal: null })])))
        .join(''),
    piece(piece) {
      const index = add(piece)
      if (isPlain(piece)) return plain(piece.text!)
      const { text, reasoning, toolCall, logprobs } = piece
      const ended = toolCall ? follow(index, toolCall) : ''
      if (text === undefined && reasoning !== undefined && index === 0 && !toolCall && !logprobs)
        return thought(reasoning)
      const delta = {
        ...(text !== undefined && { content: text }),
        ...(reasoning !== undefined && reasoningOf(reasoning)),
        ...(toolCall && { tool_calls: [callDelta(toolCall)] }),
      }
      if (Object.keys(delta).length === 0 && !logprobs) return ''
      return ended + dataEvent(chunk([part(index, delta, logprobs ? logprobsOf(logprobs) : null)]))
    },
    end(settlement, told) {
      const heddle = noteOf(settlement, told)
      const finishes = choices.map((choice, index) => part(index, {}, null, finishReason(choice, settlement)))
      const last = finishes.length - 1
      const text = finishes
        .map((one, at) => callEnds(at) + dataEvent(chunk([one], at === last && !includeUsage ? { heddle } : {})))
        .join('')
      if (!includeUsage) return text + DONE
      return text + dataEvent(chunk([], { usage: usageOf(settlement, choices), heddle })) + DONE
    },
    error: error => dataEvent(openAiError(error).body),
  }
}

/** The first piece of a call says which it is; the others add to its arguments. */
const callDelta = ({ index, id, name, arguments: json = '' }: NonNullable<Piece['toolCall']>) =>
  id === undefined
    ? { index, function: { arguments: json } }
    : { index, id, type: 'function', function: { name, arguments: json } }
