import type { Stored } from '../api.ts'
import { element, section } from '../dom.ts'
import { messagesOf } from '../question.ts'

const ROLES: Partial<Record<string, string>> = {
  system: 'Instructions',
  user: 'Asked',
  assistant: 'Answered before',
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
      : [turn('Asked', JSON.stringify(spec, null, 2), 'user')]
  return section(
    'conversation',
    'Question and answer',
    ...asked,
    turn('Answered', answer.answer || '(nothing that can be shown as text)', 'answer'),
  )
}

const turn = (label: string, text: string, role: string): HTMLElement =>
  element(
    'figure',
    { 'data-role': role },
    element('figcaption', {}, label),
    element('blockquote', { dir: 'auto' }, text),
  )
