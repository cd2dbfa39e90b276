import type { Call } from '@heddle/daemon'
import type { Corrective, PaymentRequired, SettleResponse, Terms } from '@heddle/payments/x402'
import { type Alive, HeddleError, isHeddleError, type SignedReceipt } from '@heddle/protocol'
import type { Tools } from './sale.ts'

/** Where one request's payment is spoken of: x402's headers on its response. */
export type Till = {
  /** True when the client reads the answer as it is made. */
  streams: boolean
  signal: AbortSignal
  /** Hears how the question stands before its answer begins. */
  alive?: (sign: Alive) => void
  /** Asks for payment; the error that is thrown next carries it. */
  require(terms: Terms, reason?: string, state?: Corrective): Promise<void>
  /** Says how the payment stands: in the header while there is one, else in the stream's last event. */
  respond(response: SettleResponse, receipt?: SignedReceipt): Promise<void>
}

const EVENT = 'payment-response'

/** The till of one call. A stream's header leaves before its charge is known, so its last event says it again. */
export function tillOf(call: Call, tools: Tools, endpoint: string, asked: Pick<Till, 'streams' | 'alive'>): Till {
  const { request, response } = call
  const url = `${endpoint}${request.url ?? ''}`
  let last: SettleResponse | undefined
  const end = response.end.bind(response) as (text?: unknown) => typeof response
  response.end = ((text?: unknown) => {
    const type = String(response.getHeader('content-type') ?? '')
    if (!last || !type.startsWith('text/event-stream')) return end(text)
    return end(`${text ?? ''}event: ${EVENT}\ndata: ${JSON.stringify(last)}\n\n`)
  }) as typeof response.end
  return {
    ...asked,
    signal: call.signal,
    async require(terms, reason, state) {
      const batch = state ? tools.correct(terms.batch, state) : terms.batch
      const required: PaymentRequired = {
        x402Version: 2,
        ...(reason ? { error: reason } : {}),
        resource: { url, description: 'an answer of a model', mimeType: 'application/json' },
        accepts: [batch, terms.exact],
      }
      response.setHeader('PAYMENT-REQUIRED', tools.encodePaymentRequiredHeader(await tools.receipts.offers(required)))
      response.setHeader('cache-control', 'no-store')
    },
    async respond(given, receipt) {
      const said = receipt ? await tools.receipts.receipt(given, url, receipt) : given
      if (response.headersSent) last = said
      else response.setHeader('PAYMENT-RESPONSE', tools.encodePaymentResponseHeader(said))
    },
  }
}

/** A payment that is refused: `reason` is x402's word for why, `state` where the channel stands. */
export const refusal = (reason: string, detail: string, state?: Corrective): HeddleError =>
  new HeddleError('payment_refused', detail, { cause: { reason, state } })

/** What an error says of the payment, for those that a client can pay its way out of. */
export function refusedBy(thrown: unknown): { reason: string; state?: Corrective } | undefined {
  if (!isHeddleError(thrown) || thrown.status !== 402) return undefined
  const { reason, state } = (thrown.cause ?? {}) as { reason?: string; state?: Corrective }
  return { reason: typeof reason === 'string' ? reason : thrown.code, ...(state ? { state } : {}) }
}
