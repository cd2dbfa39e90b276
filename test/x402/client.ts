import { connect, fund } from '@heddle/chain'
import { type Hex, randomBytes, type SignedReceipt, toHex, verifyReceipt } from '@heddle/protocol'
import { toClientEvmSigner } from '@x402/evm'
import { BatchSettlementEvmScheme, InMemoryClientChannelStorage } from '@x402/evm/batch-settlement/client'
import { ExactEvmScheme } from '@x402/evm/exact/client'
import { wrapFetchWithPayment, x402Client } from '@x402/fetch'
import { privateKeyToAccount } from 'viem/accounts'
import type { Stage } from '../faults/stage.ts'

/** What went over the wire, so that a test can send it again. */
export type Sent = { url: string; headers: Headers; body: string; response: Response }

/**
 * x402's own client, as it comes from npm: `@x402/fetch` over a viem account. HED is no default asset of the SDK, so
 * its spend controls are told of it.
 */
export async function payingClient(
  { devnet }: Pick<Stage, 'devnet'>,
  scheme: 'batch-settlement' | 'exact' = 'batch-settlement',
  options: { secret?: Hex; storage?: InMemoryClientChannelStorage; wealth?: bigint; reads?: boolean } = {},
) {
  const { secret = toHex(randomBytes(32)), storage = new InMemoryClientChannelStorage(), reads = true } = options
  const account = privateKeyToAccount(secret)
  await fund(devnet.url, devnet.token, account.address.toLowerCase() as Hex, options.wealth ?? 1_000_000n)
  const chain = connect(devnet.url, devnet.chainId)
  const signer = reads ? toClientEvmSigner(account, chain as never) : account
  const made =
    scheme === 'exact' ? new ExactEvmScheme(account) : new BatchSettlementEvmScheme(signer as never, { storage })
  const client = new x402Client()
    .register(`eip155:${devnet.chainId}`, made as never)
    .setSpendControls({ allowedAssets: [{ network: `eip155:${devnet.chainId}`, asset: devnet.token }] })
  const sent: Sent[] = []
  const posted: Omit<Sent, 'response'>[] = []
  const recording = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init)
    const body = await request.clone().text()
    posted.push({ url: request.url, headers: request.headers, body })
    const response = await fetch(request)
    sent.push({ url: request.url, headers: request.headers, body, response })
    return response
  }
  /** The last request that went out, answered or not. */
  const unanswered = () => posted.at(-1)
  return { secret, account, storage, sent, unanswered, pay: wrapFetchWithPayment(recording, client) }
}

export type Client = Awaited<ReturnType<typeof payingClient>>

export const question = (over: Record<string, unknown> = {}) => ({
  model: 'scripted',
  messages: [{ role: 'user', content: 'weave' }],
  max_tokens: 16,
  ...over,
})

/** Asks the provider's OpenAI door; what the client sends is the client's business. */
export const ask = (stage: Pick<Stage, 'url'>, client: Client, body: unknown = question(), signal?: AbortSignal) =>
  client.pay(`${stage.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  })

/** Sends a request again, byte for byte, or with some of it changed. */
export const again = ({ url, headers, body }: Omit<Sent, 'response'>, over: { header?: string; body?: string } = {}) =>
  fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'payment-signature': over.header ?? headers.get('payment-signature') ?? '',
    },
    body: over.body ?? body,
  })

export type PaymentResponse = {
  success: boolean
  transaction: string
  errorReason?: string
  extra?: { chargedAmount: string; channelState: { chargedCumulativeAmount: string; balance: string } }
  extensions?: { 'offer-receipt'?: { info: { receipt: { payload: { payer: string } }; heddle: SignedReceipt } } }
}

export const headerOf = <T>(response: Response, name: string): T | undefined => {
  const value = response.headers.get(name)
  return value ? (JSON.parse(Buffer.from(value, 'base64').toString()) as T) : undefined
}

export const paymentOf = (response: Response): PaymentResponse =>
  headerOf<PaymentResponse>(response, 'PAYMENT-RESPONSE')!

/** The Heddle receipt in a payment response, verified against the provider's key. */
export const receiptOf = ({ provider }: Pick<Stage, 'provider'>, payment: PaymentResponse) =>
  verifyReceipt(payment.extensions?.['offer-receipt']?.info.heddle, provider.address).receipt

/** The events of a streamed answer: its text, and the payment response that comes last. */
export async function readStream(response: Response): Promise<{ text: string; payment: PaymentResponse | undefined }> {
  let text = ''
  let payment: PaymentResponse | undefined
  for (const block of (await response.text()).split('\n\n')) {
    const data = /^data: (.*)$/m.exec(block)?.[1]
    if (!data || data === '[DONE]') continue
    if (block.startsWith('event: payment-response')) payment = JSON.parse(data) as PaymentResponse
    else
      text += (JSON.parse(data) as { choices?: { delta?: { content?: string } }[] }).choices?.[0]?.delta?.content ?? ''
  }
  return { text, payment }
}
