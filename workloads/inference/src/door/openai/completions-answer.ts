import type { Settlement } from '@heddle/protocol'
import { type Choice, followChoices, type Logprobs, type Whole } from '../shared/choices.ts'
import { noteOf, type Told } from '../shared/note.ts'
import { dataEvent, type Events, eventAround } from '../shared/stream.ts'
import { finishReason } from './chat-answer.ts'
import { DONE, type StreamOptions } from './chat-events.ts'
import { openAiError } from './error.ts'
import { type Head, usageOf } from './head.ts'

/** Log-probabilities as lists beside each other; `offset` is where the first token begins in the text. */
function listsOf(logprobs: Logprobs, offset: number) {
  let at = offset
  const offsets = logprobs.map(({ token }) => {
    const begins = at
    at += token.length
    return begins
  })
  return {
    tokens: logprobs.map(({ token }) => token),
    token_logprobs: logprobs.map(({ logprob }) => logprob),
    top_logprobs: logprobs.map(({ top }) => Object.fromEntries(top.map(({ token, logprob }) => [token, logprob]))),
    text_offset: offsets,
  }
}

/** Neither calls nor reasoning belong to plain text. */
function finishOf(choice: Choice, settlement: Settlement): string {
  const reason = finishReason(choice, settlement)
  return reason === 'tool_calls' ? 'stop' : reason
}

export const textCompletionOf = (head: Head, { choices, settlement }: Whole, told: Told) => ({
  ...head,
  object: 'text_completion',
  choices: choices.map((choice, index) => ({
    index,
    text: choice.text,
    logprobs: choice.logprobs ? listsOf(choice.logprobs, 0) : null,
    finish_reason: finishOf(choice, settlement),
  })),
  usage: usageOf(settlement, choices),
  heddle: noteOf(settlement, told),
})

/** A plain completion as its chunks; the last one carries the note about the receipt. */
export function completionEvents(head: Head, { includeUsage, choices: count }: StreamOptions): Events {
  const { choices, add } = followChoices(count)
  const offsets = choices.map(() => 0)
  const chunk = (parts: readonly unknown[], more: object = {}) =>
    dataEvent({ ...head, object: 'text_completion', choices: parts, ...(includeUsage && { usage: null }), ...more })
  const part = (index: number, text: string, logprobs: object | null = null, reason: string | null = null) => ({
    index,
    text,
    logprobs,
    finish_reason: reason,
  })
  const plain = eventAround(text => chunk([part(0, text)]))
  return {
    open: () => '',
    piece(piece) {
      const index = add(piece)
      const { text = '', logprobs } = piece
      const offset = offsets[index]!
      offsets[index] = offset + text.length
      if (logprobs) return chunk([part(index, text, listsOf(logprobs, offset))])
      if (text === '') return ''
      return index === 0 ? plain(text) : chunk([part(index, text)])
    },
    end(settlement, told) {
      const heddle = noteOf(settlement, told)
      const last = choices.length - 1
      const text = choices
        .map((choice, index) =>
          chunk(
            [part(index, '', null, finishOf(choice, settlement))],
            index === last && !includeUsage ? { heddle } : {},
          ),
        )
        .join('')
      if (!includeUsage) return text + DONE
      return text + chunk([], { usage: usageOf(settlement, choices), heddle }) + DONE
    },
    error: error => dataEvent(openAiError(error).body),
  }
}
