import type { Channel, Key, Status } from '../api.ts'
import { element, rows } from '../dom.ts'
import { count, hed, moment, shortCode } from '../format.ts'
import { keepList } from '../keyed.ts'
import { providerName } from './daemons.ts'

type Item =
  | { kind: 'wallet'; wallet: string | null; payer: string }
  | ({ kind: 'key'; state: KeyState } & Key)
  | ({ kind: 'channel'; title: string } & Channel)

/** Wallet, API keys and channels. Amounts are exact; only the width of a bar is rounded. */
export function money() {
  const list = element('ul', { class: 'purse' })
  const keep = keepList<Item>(list, { key: keyOf, render })
  return {
    view: element('div', {}, list, words()),
    show({ wallet, payer, keys, channels, providers }: Status): void {
      keep([
        { kind: 'wallet', wallet, payer },
        // Those that are good first: the others only tell what was spent.
        ...keys
          .map(key => ({ kind: 'key', state: stateOf(key, Date.now()), ...key }) as const)
          .sort((a, b) => Number(a.state !== 'good') - Number(b.state !== 'good')),
        ...channels
          .map(channel => {
            const index = providers.findIndex(({ address }) => address === channel.provider)
            return { kind: 'channel', title: index < 0 ? 'a provider' : providerName(index), ...channel } as const
          })
          .sort((a, b) => a.title.localeCompare(b.title)),
      ])
    },
  }
}

type KeyState = 'good' | 'revoked' | 'expired' | 'used up'

/** Whether a key still opens anything, at this time. */
function stateOf({ revoked, expires, cap, spent }: Key, now: number): KeyState {
  if (revoked !== undefined) return 'revoked'
  if (expires !== undefined && expires <= now) return 'expired'
  return BigInt(spent) >= BigInt(cap) ? 'used up' : 'good'
}

const keyOf = (item: Item): string =>
  item.kind === 'wallet' ? 'wallet' : item.kind === 'key' ? `key ${item.created} ${item.name}` : item.id

function render(item: Item): HTMLElement {
  if (item.kind === 'wallet') {
    const balance = item.wallet === null ? 'not known while the chain is down' : hed(item.wallet)
    return element(
      'li',
      {},
      element('h3', {}, 'Wallet'),
      element('p', { class: 'amount' }, balance),
      element('p', { class: 'quiet' }, 'pays as ', shortCode(item.payer)),
    )
  }
  if (item.kind === 'key') return keyItem(item)
  const { title, balance, ceiling, charged, claimed, sequence, withdrawing } = item
  return element(
    'li',
    {},
    element('h3', {}, `Channel with ${title}`),
    rows(['deposit', hed(balance)], ['ceiling', hed(ceiling)], ['charged', hed(charged)], ['claimed', hed(claimed)]),
    element('p', { class: 'quiet' }, `${count(sequence, 'receipt')}${withdrawing ? ' · being withdrawn' : ''}`),
  )
}

function keyItem({ name, cap, spent, held, state, expires }: Extract<Item, { kind: 'key' }>): HTMLElement {
  const share = BigInt(cap) > 0n ? (BigInt(spent) * 1_000n) / BigInt(cap) : 0n
  const title = `API key “${name}”`
  return element(
    'li',
    { 'data-key': state },
    element('h3', {}, title, state !== 'good' && element('span', { class: 'state' }, ` ${state}`)),
    element('progress', { max: '1000', value: String(share), 'aria-label': `${title}: spent of its cap` }),
    rows(['spent', hed(spent)], ['cap', hed(cap)], BigInt(held) > 0n && ['held for running jobs', hed(held)]),
    state === 'good' && expires !== undefined && element('p', { class: 'quiet' }, 'good until ', moment(expires)),
  )
}

const words = (): HTMLElement =>
  element(
    'details',
    {},
    element('summary', {}, 'What these words mean'),
    rows(
      ['deposit', 'What was put into the channel on the chain.'],
      ['ceiling', 'The most that the provider may take so far: a voucher signed by this gateway says so.'],
      ['charged', 'What the provider took for answers, by its receipts.'],
      ['claimed', 'What of it the provider has fetched on the chain. It claims by value and by time.'],
    ),
  )
