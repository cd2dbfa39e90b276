import type { Answer } from '../api.ts'
import { element } from '../dom.ts'
import { finishWords, hed, moment, usageOf, usageWords } from '../format.ts'
import { keepList } from '../keyed.ts'
import { questionOf } from '../question.ts'

/** The last answers, the newest first. */
export function answerList() {
  const list = element('ol', { class: 'answer-list' })
  const empty = element(
    'p',
    { class: 'empty', hidden: '' },
    'No answers yet. Point any OpenAI client here: ',
    element('code', {}, `OPENAI_BASE_URL=${location.origin}/v1`),
    '. “heddle up” prints the key.',
  )
  const keep = keepList<Answer>(list, { key: answer => answer.id, render })
  return {
    list,
    empty,
    show(answers: readonly Answer[]): void {
      keep(answers)
      empty.hidden = answers.length > 0
    },
  }
}

const UNDONE: Partial<Record<string, string>> = {
  running: 'running',
  failed: 'failed: nothing was delivered, nothing was charged',
}

function render(answer: Answer): HTMLElement {
  const { id, state, asked, model, finish, charge, usage } = answer
  const question = questionOf(asked)
  const done = state === 'done'
  const facts = done
    ? [
        ...usageOf(usage).map(([unit, used]) => usageWords(unit, used)),
        hed(charge),
        finish && finishWords(finish),
        model,
      ]
    : [UNDONE[state] ?? state, model]
  return element(
    'li',
    {},
    element(
      'article',
      { 'aria-label': question.slice(0, 80), 'data-state': state },
      element('p', { class: 'question', dir: 'auto' }, question),
      element('p', { class: 'answer', dir: 'auto' }, answer.answer || (done ? '(an empty answer)' : '…')),
      element(
        'div',
        { class: 'foot' },
        element(
          'p',
          { class: 'facts' },
          ...facts.map(fact => fact && element('span', {}, fact)),
          element('span', {}, moment(done ? answer.finished : answer.started)),
        ),
        done && receiptLink(id, question),
      ),
    ),
  )
}

const receiptLink = (id: string, question: string): HTMLElement =>
  element(
    'a',
    { href: `/receipts/${encodeURIComponent(id)}`, 'aria-label': `Receipt for: ${question.slice(0, 80)}` },
    'Receipt',
  )
