import { type Call, type Endpoint, mountDoor, USUAL_PING } from '@heddle/daemon'
import { readOne } from '@heddle/ledger'
import type { Payment } from '@heddle/payments/x402'
import {
  type Answer,
  type Door,
  HeddleError,
  type Hex,
  type House,
  inputOf,
  isHeddleError,
  modelOf,
  type Offer,
  offerDigest,
  type Question,
  type Quote,
} from '@heddle/protocol'
import { askByVoucher } from './batch.ts'
import { askByTransfer } from './exact.ts'
import { answers, chosen, priced, type Sale, type Shop, type Tools } from './sale.ts'
import { refusal, refusedBy, type Till, tillOf } from './till.ts'

/** The doors in front of this provider alone: for those without a gateway or an account, who pay each request by x402. */
export const sellAt = (doors: readonly Door[], shop: Shop, ping = USUAL_PING): Endpoint[] =>
  doors.flatMap(door =>
    // Whether it is paid for is said by the status: until then nothing else is.
    mountDoor(door, call => houseOf(shop, call), { every: ping, ahead: false }).map(endpoint => ({
      ...endpoint,
      handle: call => endpoint.handle({ ...call, json: once(call.json) }),
    })),
  )

/** The till reads the body before the door does. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}

async function houseOf(shop: Shop, call: Call): Promise<House> {
  const body = call.request.method === 'POST' ? await call.json() : undefined
  const streams = (body as { stream?: unknown } | undefined)?.stream === true
  return {
    models: () => shop.parts.offers.current().map(({ offer }) => modelOf(offer)),
    quote: question => quote(shop, question),
    async ask(question, _, alive) {
      const tools = await shop.tools()
      const till = tillOf(call, tools, shop.endpoint(), { streams, ...(alive ? { alive } : {}) })
      return ask(shop, tools, till, question, headerOf(call))
    },
  }
}

function headerOf({ request }: Call): string | undefined {
  const header = request.headers['payment-signature']
  return typeof header === 'string' ? header : undefined
}

async function ask(shop: Shop, tools: Tools, till: Till, question: Question, header?: string): Promise<Answer> {
  // What is paid for fixes the job's nonce: its payer has chosen it with its own key.
  if (question.nonce)
    throw new HeddleError('unsupported_field', 'heddle-nonce: the payment is the nonce here', {
      cause: { param: 'heddle-nonce' },
    })
  const fresh = async (): Promise<Sale> => priced(shop, question, chosen(shop.parts.offers.current(), question))
  const token = await shop.desk.tokenDomain()
  if (header === undefined) {
    const { offer, amount } = await fresh()
    await till.require(tools.termsOf(offer, amount, token))
    throw new HeddleError('payment_required', `this request costs at most ${amount} base units`)
  }
  try {
    const payment = tools.readPayment(header)
    const { offer, past } = await offerOf(shop, tools, payment, question)
    const sale = priced(shop, question, offer)
    const terms = tools.termsOf(sale.offer, sale.amount, token)
    const common = { shop, tools, sale, till, past }
    if (payment.scheme === 'exact') {
      requireTerms(tools, terms.exact, payment.accepted)
      return await askByTransfer({ ...common, payment, terms: terms.exact })
    }
    requireTerms(tools, terms.batch, payment.accepted)
    return await askByVoucher({ ...common, payment })
  } catch (error) {
    const refused = refusedBy(error)
    if (refused) {
      const { offer, amount } = await fresh()
      await till.require(tools.termsOf(offer, amount, token), refused.reason, refused.state)
    }
    throw error
  }
}

/**
 * The offer that a payment names: one of this provider's that is for sale, and answers this question. One that is past
 * (an offer does not outlive a restart) sells nothing more; what was paid for under it is still given.
 */
async function offerOf(
  shop: Shop,
  tools: Tools,
  payment: Payment,
  question: Question,
): Promise<{ offer: Offer; past: boolean }> {
  const { offers } = shop.parts
  const fits = (offer: Offer): boolean => !offers.isOwn(payment.offer) && answers(offer, question)
  try {
    const offer = offers.find(payment.offer)
    if (fits(offer)) return { offer, past: false }
  } catch (error) {
    if (!isHeddleError(error)) throw error
    const offer = await pastOffer(shop, tools, payment)
    if (offer && fits(offer)) return { offer, past: true }
  }
  throw refusal(tools.reasons.terms, 'the offer that was accepted is not one for this request')
}

/** The offer of the last job of a payment's channel, if it is the one that the payment names. */
async function pastOffer({ parts, client }: Shop, tools: Tools, payment: Payment): Promise<Offer | undefined> {
  const channel =
    payment.scheme === 'exact'
      ? tools.transferChannel(client.chainId, payment.accepted.asset as Hex, payment.authorization)
      : payment.voucher.channel
  const latest = { order: { by: 'sequence', descending: true }, limit: 1 } as const
  const [receipt] = await parts.ledger.read('receipts', { where: { channel }, ...latest })
  const paying = payment.scheme === 'exact' && (await readOne(parts.ledger, 'x402', { channel }))
  const where = receipt ? { id: receipt.id } : paying ? { channel } : undefined
  const job = where && (await readOne(parts.ledger, 'jobs', where))
  const offer = job && (JSON.parse(job.offer) as Offer)
  return offer && offerDigest(offer) === payment.offer ? offer : undefined
}

function requireTerms(tools: Tools, terms: Parameters<Tools['accepts']>[0], accepted: typeof terms): void {
  if (!tools.accepts(terms, accepted)) {
    throw refusal(tools.reasons.terms, `what was accepted is not what this request costs: ${terms.amount}`)
  }
}

/** A stranger's quote is the bound: nobody who has not paid makes the engine read. */
async function quote(shop: Shop, question: Question): Promise<Quote> {
  const { offer, trade, spec, amount } = priced(shop, question, chosen(shop.parts.offers.current(), question))
  const most = trade.workload.total(spec, offer)
  return {
    model: offer.serves.name,
    provider: offer.provider,
    own: false,
    prices: offer.prices,
    input: { used: inputOf(trade.workload, most), exact: false },
    most: { used: most, charge: amount },
  }
}
