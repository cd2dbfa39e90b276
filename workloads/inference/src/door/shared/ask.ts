import type { Answer, Digest, Exchange, Question, Quote, Routing } from '@heddle/protocol'
import { byteLength, MAX_IMAGES, MAX_MESSAGE_BYTES, MAX_PROMPT_BYTES } from '../../limits.ts'
import { type InferenceSpec, imagesOf, textsOf } from '../../spec.ts'
import { type FeatureFields, nameField, requireFeatures, type SpecFields } from './features.ts'
import { knownModels } from './models.ts'
import { refuse } from './parse.ts'

/** A request rebuilt in the words of the workload: whom it asks for, what it asks, and how its fields are called. */
export type Asking = {
  models: readonly [string, ...string[]]
  routing?: Routing | undefined
  spec: InferenceSpec
  /** Where the texts stand, for what is wrong with all of them together. */
  textField: string
  featureFields: FeatureFields
  specFields: SpecFields
}

/** A header, since it is of no API: what fixes the answer's randomness, where its asker wants to have chosen it. */
const NONCE = 'heddle-nonce'

/** Throws what is wrong with a request as a whole. */
function questionOf(exchange: Exchange, asking: Asking): Question {
  const { house, body } = exchange
  const { spec, models, routing, textField } = asking
  let total = 0
  for (const text of textsOf(spec)) {
    const bytes = byteLength(text)
    // Parts are joined: only now is it known how long a message became.
    if (bytes > MAX_MESSAGE_BYTES) throw refuse(textField, `has a message above ${MAX_MESSAGE_BYTES} bytes`)
    total += bytes
  }
  if (total > MAX_PROMPT_BYTES) throw refuse(textField, `is above ${MAX_PROMPT_BYTES} bytes of text`)
  if (imagesOf(spec).length > MAX_IMAGES) throw refuse(textField, `has more than ${MAX_IMAGES} images`)
  requireFeatures(knownModels(house.models(), models), spec, asking.featureFields, body)
  const nonce = exchange.header(NONCE)
  if (nonce !== undefined && !/^0x[0-9a-f]{64}$/.test(nonce))
    throw refuse(NONCE, 'must be 0x and 64 hexadecimal digits')
  return { workload: 'inference', models, spec, ...(routing && { routing }), ...(nonce && { nonce: nonce as Digest }) }
}

/** Asks the house. Throws what it throws, with the field's name where a model lacks a feature. */
export async function ask(exchange: Exchange, asking: Asking): Promise<Answer> {
  const question = questionOf(exchange, asking)
  try {
    const answer = await exchange.house.ask(question, exchange.signal)
    answer.done.catch(() => {}) // an answer that breaks off says so through its deltas
    return answer
  } catch (error) {
    throw nameField(error, asking.featureFields, asking.specFields, exchange.body)
  }
}

/** What the same question would cost. Throws what asking would. */
export async function askForQuote(exchange: Exchange, asking: Asking): Promise<Quote> {
  const question = questionOf(exchange, asking)
  try {
    return await exchange.house.quote(question, exchange.signal)
  } catch (error) {
    throw nameField(error, asking.featureFields, asking.specFields, exchange.body)
  }
}
