import { type Answer, load, type Status, Unreachable } from '../api.ts'
import { element, section } from '../dom.ts'
import { noticeChain } from '../notice.ts'
import { whileVisible } from '../poll.ts'
import { answerList } from './answers.ts'
import { daemonList } from './daemons.ts'
import { money } from './money.ts'

const REFRESH = 2_000
const ANSWERS = 20

/** The home page: who runs, what money there is, and the last answers. It keeps itself up to date. */
export function showHome(main: HTMLElement): void {
  const trouble = element('p', { class: 'trouble', role: 'alert', hidden: '' })
  const daemons = daemonList()
  const purse = money()
  const answers = answerList()
  main.replaceChildren(
    element('h1', { class: 'hidden' }, 'This house'),
    trouble,
    section('daemons', 'Running here', daemons.list),
    element(
      'div',
      { class: 'columns' },
      section('answers', 'Last answers', answers.list, answers.empty),
      section('money', 'Balances', purse.view),
    ),
  )
  let seen: Date | undefined

  whileVisible(REFRESH, async () => {
    try {
      const [status, last] = await Promise.all([
        load<Status>('/heddle/1/status'),
        load<{ answers: Answer[] }>(`/heddle/1/answers?limit=${ANSWERS}`),
      ])
      daemons.show(status)
      purse.show(status)
      answers.show(last.answers)
      noticeChain(status.chain.devnet)
      seen = new Date()
      trouble.hidden = true
    } catch (error) {
      const text = troubleWords(error, seen)
      if (trouble.textContent !== text) trouble.textContent = text
      trouble.hidden = false
      if (error instanceof Unreachable) daemons.showUnreachable()
    }
  })
}

function troubleWords(error: unknown, seen: Date | undefined): string {
  const what = error instanceof Unreachable ? error.message : `The gateway could not say: ${(error as Error).message}.`
  const next = 'Is “heddle up” still running? This page keeps trying.'
  return seen ? `${what} What is below was true at ${seen.toLocaleTimeString()}. ${next}` : `${what} ${next}`
}
