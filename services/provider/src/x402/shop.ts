import type { ChainClient, Outbox } from '@heddle/chain'
import type { Address, Digest, Signer } from '@heddle/protocol'
import type { ChannelDesk } from '../money/channels.ts'
import type { Parts } from '../parts.ts'
import { concludeAll } from './conclude.ts'
import type { Shop, Tools } from './sale.ts'
import { Turns } from './turns.ts'

/** Milliseconds between looks at transfers whose end was not seen. */
const INTERVAL = 5_000

/** Opens a provider's sale over x402. */
export function openShop(options: {
  parts: Parts
  desk: ChannelDesk
  client: ChainClient
  signer: Signer
  outbox: Outbox
  gas: Address
  endpoint(): string
}): Shop {
  const { parts, desk, client, signer, outbox, gas, endpoint } = options
  let tools: Promise<Tools> | undefined
  const load = async (): Promise<Tools> => {
    const x402 = await import('@heddle/payments/x402')
    const receipts = x402.receiptsBy(signer, client.chainId)
    return { ...x402, receipts, facilitator: x402.exactFacilitator(client, outbox, gas) }
  }
  return {
    parts,
    desk,
    client,
    signer,
    endpoint,
    turns: new Turns(),
    paying: new Set(),
    tools() {
      tools ??= load()
      return tools
    },
  }
}

/** After a crash a transfer may be under way whose end nobody sees: it is looked after until it is known. */
export function lookAfterTransfers(shop: Shop): { stop(): void } {
  const ended = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const before = shop.parts.ledger.read('jobs', { where: { state: 'paying' } }).then(rows => {
    for (const { id } of rows) shop.paying.add(id as Digest)
  })
  const look = (): void => {
    concludeAll(shop, ended.signal).then(again, error => {
      if (!ended.signal.aborted) shop.parts.log.warn('transfers not looked after', { error: String(error) })
      again()
    })
  }
  const again = (): void => {
    if (!ended.signal.aborted) timer = setTimeout(look, INTERVAL)
  }
  before.then(look, error => shop.parts.log.error('transfers not looked after', { error: String(error) }))
  return {
    stop() {
      ended.abort()
      clearTimeout(timer)
    },
  }
}
