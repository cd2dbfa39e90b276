import type { Answer, Digest, Exchange, Model, Question, Quote, Routing } from '@heddle/protocol'
import type { Feature } from '../../features.ts'
import { byteLength, MAX_IMAGES, MAX_MESSAGE_BYTES, MAX_PROMPT_BYTES } from '../../limits.ts'
import { type InferenceSpec, imagesOf, textsOf } from '../../spec.ts'
import { ease, type FeatureFields, nameFeature, requireFeatures } from './features.ts'
import { checkFits, type Wanted } from './length.ts'
import { knownModels, namesHere } from './models.ts'
import { type Names, nameField } from './names.ts'
import { refuse, tooLong, unsupported } from './parse.ts'
import { type Promised, readPromised } from './schemas.ts'

/** A request rebuilt in the words of the workload: whom it asks for, what it asks, and how its fields are called. */
export type Asking = {
  models: readonly [string, ...string[]]
  routing?: Routing | undefined
  spec: InferenceSpec
  /** What was passed over, by the client's own paths. */
  unused: readonly string[]
  /** Where the texts stand, for what is wrong with all of them together. */
  textField: string
  featureFields: FeatureFields
  /** The fields of this request that only hint at a feature. */
  hints: FeatureFields
  names: Names
  /** The longest answer that the request spoke of. */
  wanted?: Wanted | undefined
}

/** An asking that is ready to be asked: everything that can be known without the house was looked at. */
export type Prepared = { question: Question; unused: readonly string[]; promised: Promised; asking: Asking }

/** A header, since it is of no API: what fixes the answer's randomness, where its asker wants to have chosen it. */
const NONCE = 'heddle-nonce'
/** A header: with it nothing is passed over, and nothing is cut to what fits. */
const STRICT = 'heddle-strict'

/** Throws what is wrong with a request as a whole, and where its asker wants it so, what would be passed over. */
export async function prepare(exchange: Exchange, asking: Asking): Promise<Prepared> {
  const { house, body } = exchange
  const { models, routing, textField } = asking
  const known = knownModels(house, models)
  const { spec: eased, unused: lost } = ease(known, asking.spec, asking.hints)
  const promised = promisedIn(eased, known, asking, body)
  const { spec } = promised
  const unused = [...asking.unused, ...lost, ...promised.unused]
  const isStrict = strictness(exchange)
  if (isStrict && unused.length > 0) throw passedOver(unused)
  let total = 0
  for (const text of textsOf(spec)) {
    const bytes = byteLength(text)
    // Parts are joined: only now is it known how long a message became.
    if (bytes > MAX_MESSAGE_BYTES) throw tooLong(textField, `has a message above ${MAX_MESSAGE_BYTES} bytes`)
    total += bytes
  }
  if (total > MAX_PROMPT_BYTES) throw tooLong(textField, `is above ${MAX_PROMPT_BYTES} bytes of text`)
  if (imagesOf(spec).length > MAX_IMAGES) throw refuse(textField, `has more than ${MAX_IMAGES} images`)
  requireFeatures(known, spec, asking.featureFields, body)
  const nonce = exchange.header(NONCE)
  if (nonce !== undefined && !/^0x[0-9a-f]{64}$/.test(nonce))
    throw refuse(NONCE, 'must be 0x and 64 hexadecimal digits')
  const question: Question = {
    workload: 'inference',
    models: namesHere(house, models),
    spec,
    ...(routing && { routing }),
    ...(nonce && { nonce: nonce as Digest }),
  }
  const prepared = { question, unused, promised, asking }
  if (isStrict && asking.wanted) await checkFits(asking.wanted, known[0], () => quoteOf(exchange, prepared))
  return prepared
}

/** What the schemas promise; what cannot be held is thrown in the client's own names. */
function promisedIn(spec: InferenceSpec, models: readonly Model[], asking: Asking, body: unknown): Promised {
  try {
    return readPromised(
      spec,
      asking.names,
      models.some(({ features }) => features.includes('grammar' satisfies Feature)),
    )
  } catch (error) {
    throw inOwnNames(error, asking, body)
  }
}

/** Whether its asker, or the policy of its key, wants every field honoured or refused. */
function strictness({ house, header }: Exchange): boolean {
  const said = header(STRICT)?.trim().toLowerCase()
  if (said !== undefined && !['true', 'false', '1', '0'].includes(said)) throw refuse(STRICT, 'must be true or false')
  return house.strict === true || said === 'true' || said === '1'
}

function passedOver([first, ...others]: readonly string[]) {
  const also = others.length > 0 ? `, and neither are ${others.slice(0, 8).join(', ')}` : ''
  return unsupported(first!, `is not honoured here${also}: ${STRICT} refuses what would be passed over`)
}

/** Asks the house; `alive` hears how the question stands. Throws what it throws, in the client's own names. */
export async function ask(
  exchange: Exchange,
  { question, asking }: Prepared,
  alive?: Parameters<Exchange['house']['ask']>[2],
): Promise<Answer> {
  try {
    const answer = await exchange.house.ask(question, exchange.signal, alive)
    answer.done.catch(() => {}) // an answer that breaks off says so through its deltas
    return answer
  } catch (error) {
    throw inOwnNames(error, asking, exchange.body)
  }
}

/** What the same question would cost. Throws what asking would. */
export async function quoteOf(exchange: Exchange, { question, asking }: Prepared): Promise<Quote> {
  try {
    return await exchange.house.quote(question, exchange.signal)
  } catch (error) {
    throw inOwnNames(error, asking, exchange.body)
  }
}

/** An error of the house's, in the names of the client's request. */
export const inOwnNames = (error: unknown, { featureFields, names }: Asking, body: unknown): unknown =>
  nameFeature(nameField(error, names), featureFields, body)
