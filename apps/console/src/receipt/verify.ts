import type { Stored } from '../api.ts'
import { element, section } from '../dom.ts'
import { count } from '../format.ts'
import { type Check, checkReceipt, type Outcome } from './checks.ts'

const MARKS: Record<Outcome, string> = { good: '✓', bad: '✗', open: '–' }
const SPOKEN: Record<Outcome, string> = { good: 'agrees: ', bad: 'does not agree: ', open: 'not compared: ' }

/** The button, and what came of pressing it. */
export function verifyPanel(stored: Stored, id: string): HTMLElement {
  const verdict = element('p', { class: 'verdict', role: 'status', 'aria-live': 'polite' })
  const list = element('ul', { class: 'checks' })
  const button = element('button', { type: 'button' }, 'Verify')
  button.addEventListener('click', () => {
    const checks = checkReceipt(stored)
    const { outcome, words } = judge(checks)
    verdict.dataset['outcome'] = outcome
    verdict.textContent = `${MARKS[outcome]} ${words}`
    list.replaceChildren(...checks.map(line))
  })
  return section(
    'verify',
    'Check it yourself',
    element('p', { class: 'quiet' }, 'This browser computes everything again. The gateway is asked for nothing more.'),
    element(
      'div',
      { class: 'actions' },
      button,
      element(
        'a',
        { href: `/heddle/1/receipts/${encodeURIComponent(id)}`, download: `heddle-receipt-${id.slice(2, 14)}.json` },
        'Download receipt',
      ),
    ),
    verdict,
    list,
    limits(),
  )
}

/** One sentence over all checks. Without the signature nothing is verified, whatever else agrees. */
function judge(checks: readonly Check[]): { outcome: Outcome; words: string } {
  const failed = checks.filter(check => check.outcome === 'bad')
  const left = checks.filter(check => check.outcome === 'open')
  if (failed.length > 0) {
    return {
      outcome: 'bad',
      words: `Do not trust this receipt. Failed: ${failed.map(({ name }) => name).join(', ')}.`,
    }
  }
  if (checks[0]?.outcome !== 'good')
    return { outcome: 'open', words: 'Not verified: there is no key to verify against.' }
  if (left.length > 0) {
    return {
      outcome: 'good',
      words: `The signature is good. Not compared: ${left.map(({ name }) => name).join(', ')}.`,
    }
  }
  return { outcome: 'good', words: `Verified: ${count(checks.length, 'check')} of ${checks.length}, in this browser.` }
}

const line = ({ name, outcome, words }: Check): HTMLElement =>
  element(
    'li',
    { 'data-outcome': outcome },
    element('span', { class: 'sign', 'aria-hidden': 'true' }, MARKS[outcome]),
    element(
      'div',
      {},
      element('span', { class: 'hidden' }, SPOKEN[outcome]),
      element('strong', {}, name),
      ' ',
      element('span', {}, words),
    ),
  )

const limits = (): HTMLElement =>
  element(
    'details',
    {},
    element('summary', {}, 'What this shows, and what not'),
    element(
      'p',
      {},
      'It shows that the holder of the pinned key signed exactly this receipt, and that it fits the question, the ' +
        'offer and the answer as this gateway stored them. The key was pinned when this gateway first saw the ' +
        'provider: to leave the gateway out of it, get the key from the provider and run ',
      element('code', {}, 'heddle receipt verify FILE --key 0x…'),
      ' on the download.',
    ),
    element('p', {}, 'It does not show that the provider ran that model honestly.'),
  )
