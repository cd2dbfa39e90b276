import { type Part, partsOf, wordsOf } from '../answer.ts'
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
      ...answerLines(partsOf(answer.answer), done),
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

/** The text first, as a person reads it; calls, thoughts and vectors as what they are. */
function answerLines(parts: readonly Part[], done: boolean): HTMLElement[] {
  if (parts.length === 0) return [element('p', { class: 'answer', dir: 'auto' }, done ? '(an empty answer)' : '…')]
  const many = parts.some(part => 'choice' in part && part.choice > 0)
  return parts.map(part => {
    const mark = many && 'choice' in part ? `${part.choice + 1}: ` : ''
    const thought = part.kind === 'thoughts' ? 'thinks: ' : ''
    const kind = part.kind === 'text' ? 'answer' : 'answer beside'
    return element('p', { class: kind, dir: 'auto', 'data-part': part.kind }, `${mark}${thought}${wordsOf(part)}`)
  })
}

const receiptLink = (id: string, question: string): HTMLElement =>
  element(
    'a',
    { href: `/receipts/${encodeURIComponent(id)}`, 'aria-label': `Receipt for: ${question.slice(0, 80)}` },
    'Receipt',
  )
