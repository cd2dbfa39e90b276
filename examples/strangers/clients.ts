import { connect, fund } from '@heddle/chain'
import { type Address, type Hex, randomBytes, toHex } from '@heddle/protocol'
import { toClientEvmSigner } from '@x402/evm'
import { BatchSettlementEvmScheme, InMemoryClientChannelStorage } from '@x402/evm/batch-settlement/client'
import { wrapFetchWithPayment, x402Client } from '@x402/fetch'
import OpenAI from 'openai'
import { privateKeyToAccount } from 'viem/accounts'

/** Clients as they come from npm: none of them knows Heddle. */

const THINGS = ['a loom', 'the sea', 'a kite', 'bread', 'an old clock', 'a lost letter', 'the moon', 'rain']
const messagesAt = (i: number) => [
  { role: 'user' as const, content: `Tell me a long story about ${THINGS[i % THINGS.length]}.` },
]
const MOST = 64

/** OpenAI's client, with a key of a gateway. Gives the id of the receipt behind each answer. */
export function openAiClient(gateway: string, apiKey: string, model: string) {
  const client = new OpenAI({ baseURL: `${gateway}/v1`, apiKey, maxRetries: 0 })
  let asked = 0
  const body = (provider: Address) => ({
    model,
    messages: messagesAt(asked++),
    max_tokens: MOST,
    temperature: 0.8,
    provider: { only: [provider] },
  })
  return {
    async ask(provider: Address): Promise<Hex> {
      const answer = await client.chat.completions.create(body(provider))
      return (answer as unknown as { heddle: { receipt: Hex } }).heddle.receipt
    },
    /** Reads an answer piece by piece; throws where it breaks off. */
    async *stream(provider: Address): AsyncGenerator<string> {
      const stream = await client.chat.completions.create({ ...body(provider), max_tokens: 512, stream: true })
      for await (const { choices } of stream) yield choices[0]?.delta.content ?? ''
    },
  }
}

/** `@x402/fetch` over a viem account: a wallet and no account anywhere. Gives the receipt that came with each answer. */
export async function x402Payer(chain: { url: string; chainId: number; token: Address }, model: string) {
  const account = privateKeyToAccount(toHex(randomBytes(32)))
  await fund(chain.url, chain.token, account.address.toLowerCase() as Address, 10n ** 18n)
  const signer = toClientEvmSigner(account, connect(chain.url, chain.chainId) as never)
  const scheme = new BatchSettlementEvmScheme(signer as never, { storage: new InMemoryClientChannelStorage() })
  const network = `eip155:${chain.chainId}` as const
  const client = new x402Client()
    .register(network, scheme as never)
    .setSpendControls({ allowedAssets: [{ network, asset: chain.token }] })
  const pay = wrapFetchWithPayment(fetch, client)
  let asked = 0
  return {
    /** `most` tokens: the voucher covers them all, though few answers are as long. */
    async ask(seller: string, most: number): Promise<unknown> {
      const response = await pay(`${seller}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model, messages: messagesAt(asked++), max_tokens: most, temperature: 0.8 }),
      })
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
      const header = response.headers.get('PAYMENT-RESPONSE') ?? ''
      const payment = JSON.parse(Buffer.from(header, 'base64').toString()) as {
        extensions?: { 'offer-receipt'?: { info: { heddle: unknown } } }
      }
      return payment.extensions?.['offer-receipt']?.info.heddle
    },
  }
}
