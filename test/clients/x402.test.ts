import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Address, verifyReceipt } from '@heddle/protocol'
import { payingClient, paymentOf, readStream } from '../x402/client.ts'
import { startClient, versionOf } from './client.ts'
import { QUESTION } from './question.ts'

const WEALTH = 10n ** 20n
type Chat = { choices: { message: { content: string } }[] }

test('@x402/fetch, straight at a provider, with a wallet and no key', async t => {
  const { feature, compare, house, model } = await startClient(t, '@x402/fetch', versionOf('@x402/fetch'))
  const { chain, providers } = house.run
  const provider = providers[0]!
  const devnet = { devnet: { url: chain.url, chainId: chain.chainId, token: chain.asset as Address } } as never
  const batch = await payingClient(devnet, 'batch-settlement', { wealth: WEALTH })
  const exact = await payingClient(devnet, 'exact', { wealth: WEALTH })
  const ask = ({ pay }: typeof batch, over: object = {}): Promise<Response> =>
    pay(`${provider.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        model,
        messages: [{ role: 'user', content: QUESTION }],
        temperature: 0,
        max_tokens: 24,
        ...over,
      }),
    })
  const content = async (response: Response): Promise<string> => {
    assert.equal(response.status, 200)
    return ((await response.json()) as Chat).choices[0]!.message.content
  }

  await feature('paid by x402, batch-settlement', async () => {
    assert.ok((await content(await ask(batch))).length > 0)
    assert.ok((await content(await ask(batch))).length > 0)
  })
  await feature('paid by x402, exact', async () => {
    assert.ok((await content(await ask(exact))).length > 0)
  })
  await feature('chat', async () => {
    assert.equal(await content(await ask(batch)), await content(await ask(exact)))
  })
  await feature('chat, streamed', async () => {
    const { text, payment } = await readStream(await ask(batch, { stream: true }))
    assert.ok(text.length > 0)
    assert.ok(BigInt(payment!.extra!.chargedAmount) > 0n)
  })
  await feature('receipt of an answer', async () => {
    const payment = paymentOf(await ask(batch))
    const { receipt } = verifyReceipt(payment.extensions?.['offer-receipt']?.info.heddle, provider.address as Address)
    assert.equal(receipt.model, house.model.digest)
    assert.equal(receipt.charge, payment.extra!.chargedAmount)
  })
  await compare()
})
