import { type Part, partsOf, wordsOf } from '../answer.ts'
import type { Stored } from '../api.ts'
import { element, section } from '../dom.ts'
import { messagesOf, questionOf } from '../question.ts'

const ROLES: Partial<Record<string, string>> = {
  system: 'Instructions',
  user: 'Asked',
  assistant: 'Answered before',
  tool: 'A tool said',
}

const LABELS: Record<Part['kind'], string> = {
  text: 'Answered',
  thoughts: 'Thought',
  call: 'Called a tool',
  vector: 'Answered',
  note: 'How it ended',
}

/** What was asked and answered, in full. */
export function conversation({ answer, job }: Stored): HTMLElement {
  if (!answer) {
    return section('conversation', 'Question and answer', element('p', {}, 'They are not stored at this gateway.'))
  }
  // The signed job is what the checks hold the receipt against, so it is also what is shown.
  const spec = (job as { job?: { spec?: unknown } } | undefined)?.job?.spec ?? answer.asked
  const messages = messagesOf(spec)
  const asked =
    messages.length > 0
      ? messages.map(({ role, content }) => turn(ROLES[role] ?? role, content, role))
      : [turn('Asked', questionOf(spec), 'user')]
  const answered = partsOf(answer.answer).map(part => turn(LABELS[part.kind], wordsOf(part), 'answer'))
  return section(
    'conversation',
    'Question and answer',
    ...asked,
    ...(answered.length > 0 ? answered : [turn('Answered', '(an empty answer)', 'answer')]),
  )
}

const turn = (label: string, text: string, role: string): HTMLElement =>
  element(
    'figure',
    { 'data-role': role },
    element('figcaption', {}, label),
    element('blockquote', { dir: 'auto' }, text),
  )
