import type { Provider, Status } from '../api.ts'
import { type Child, element } from '../dom.ts'
import { count, duration, hed, shortCode } from '../format.ts'
import { keepList } from '../keyed.ts'

type State = 'up' | 'down' | 'unknown'
type Daemon = { name: string; state: State; lines: readonly (string | { key: string })[] }

const WORDS: Record<State, string> = { up: 'up', down: 'down', unknown: 'not known' }

/** One card for each daemon of this house. */
export function daemonList() {
  const list = element('ul', { class: 'cards' })
  const keep = keepList<Daemon>(list, { key: daemon => daemon.name, render: card })
  let last: readonly Daemon[] = [{ name: 'Gateway', state: 'unknown', lines: [] }]
  keep(last)
  return {
    list,
    show(status: Status): void {
      const { chain, providers } = status
      last = [
        { name: 'Gateway', state: 'up', lines: ['answers at', `${location.origin}/v1`] },
        {
          name: 'Chain',
          state: chain.up ? 'up' : 'down',
          lines: [chain.devnet ? 'a devnet on this machine' : 'a public chain', `chain id ${chain.id}`],
        },
        ...providers.map(providerDaemon),
      ]
      keep(last)
    },
    /** Nothing is known of the others when the gateway cannot be asked. */
    showUnreachable(): void {
      keep(last.map(one => ({ ...one, state: one.name === 'Gateway' ? 'down' : 'unknown' })))
    },
  }
}

export const providerName = (index: number): string => `Provider ${index + 1}`

function providerDaemon(provider: Provider, index: number): Daemon {
  const { up, latency, running, failure, models, prices } = provider
  const price = Object.entries(prices).map(([unit, each]) => `${unit} ${hed(each)}`)
  return {
    name: providerName(index),
    state: up ? 'up' : 'down',
    lines: [
      ...(up ? [models.join(', ')] : []),
      latency === null ? 'first byte: not measured yet' : `first byte in ${duration(latency)}`,
      `${count(running, 'job')} running`,
      ...(up && price.length > 0 ? [`a token: ${price.join(', ')}`] : []),
      ...(provider.address ? [{ key: provider.address }] : []),
      ...(failure ? [`last failure: ${failure}`] : []),
    ],
  }
}

function card({ name, state, lines }: Daemon): HTMLElement {
  const shown = (line: string | { key: string }): Child =>
    typeof line === 'string' ? line : element('span', {}, 'key ', shortCode(line.key))
  return element(
    'li',
    { class: 'card', 'data-state': state },
    element('h3', {}, name, ' ', element('span', { class: 'state' }, WORDS[state])),
    ...lines.map(line => element('p', {}, shown(line))),
  )
}
