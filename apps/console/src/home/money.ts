import type { Channel, Status } from '../api.ts'
import { element, rows } from '../dom.ts'
import { count, hed, shortCode } from '../format.ts'
import { keepList } from '../keyed.ts'
import { providerName } from './daemons.ts'

type Item =
  | { kind: 'wallet'; wallet: string | null; payer: string }
  | { kind: 'key'; name: string; cap: string; spent: string; held: string }
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
        ...keys.map(key => ({ kind: 'key', ...key }) as const),
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

const keyOf = (item: Item): string =>
  item.kind === 'wallet' ? 'wallet' : item.kind === 'key' ? `key ${item.name}` : item.id

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

function keyItem({ name, cap, spent, held }: Extract<Item, { kind: 'key' }>): HTMLElement {
  const share = BigInt(cap) > 0n ? (BigInt(spent) * 1_000n) / BigInt(cap) : 0n
  const title = `API key “${name}”`
  return element(
    'li',
    {},
    element('h3', {}, title),
    element('progress', { max: '1000', value: String(share), 'aria-label': `${title}: spent of its cap` }),
    rows(['spent', hed(spent)], ['cap', hed(cap)], BigInt(held) > 0n && ['held for running jobs', hed(held)]),
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
