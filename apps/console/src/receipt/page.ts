import { load, type Status, type Stored, Unreachable } from '../api.ts'
import { element } from '../dom.ts'
import { code } from '../format.ts'
import { noticeChain } from '../notice.ts'
import { conversation } from './conversation.ts'
import { fields } from './fields.ts'
import { verifyPanel } from './verify.ts'

/** The page of one receipt. */
export async function showReceipt(main: HTMLElement, id: string): Promise<void> {
  document.title = 'Receipt · Heddle'
  let stored: Stored
  try {
    stored = await load<Stored>(`/heddle/1/receipts/${encodeURIComponent(id)}`)
  } catch (error) {
    main.replaceChildren(...head(id), ...failure(error, () => void showReceipt(main, id)))
    return
  }
  main.replaceChildren(
    ...head(id),
    element('div', { class: 'receipt' }, conversation(stored), verifyPanel(stored, id), fields(stored)),
  )
  const status = await load<Status>('/heddle/1/status').catch(() => undefined)
  if (status) noticeChain(status.chain.devnet)
}

const head = (id: string): HTMLElement[] => [
  element('nav', { 'aria-label': 'Back' }, element('a', { href: '/' }, '← All answers')),
  element('h1', {}, 'Receipt'),
  element('p', { class: 'id' }, code(id)),
]

function failure(error: unknown, again: () => void): HTMLElement[] {
  const words =
    error instanceof Unreachable
      ? `${error.message} Is “heddle up” still running?`
      : `This gateway holds no such receipt: ${(error as Error).message}.`
  const button = element('button', { type: 'button' }, 'Try again')
  button.addEventListener('click', again)
  return [element('p', { class: 'trouble', role: 'alert' }, words), element('p', {}, button)]
}
