import { parseUnits, type Routing } from '@heddle/protocol'
import { z } from 'zod'
import { optional, refuse } from './parse.ts'

/** Of a price for a million tokens in whole HED (18 decimals), what remains for one token in base units. */
const DECIMALS = 18 - 6

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "must be a provider's address, 0x and 40 hexadecimal digits")
  .transform(value => value.toLowerCase())
const addresses = z.array(address).min(1).max(64)
const price = z.union([z.string().max(40), z.number()], { error: 'must be a decimal number' })

/** Who may answer, in the words of OpenRouter's `provider` object; providers are named by their address. */
const providerSchema = z.strictObject({
  order: optional(addresses),
  only: optional(addresses),
  ignore: optional(addresses),
  allow_fallbacks: optional(z.boolean()),
  // Parameters are never optional here, and a provider can always read what it is sent.
  require_parameters: optional(z.literal(true)),
  data_collection: optional(z.literal('allow')),
  max_price: optional(z.strictObject({ prompt: optional(price), completion: optional(price) })),
  quantizations: optional(z.array(z.string().min(1).max(32)).min(1).max(16)),
  sort: optional(z.enum(['price', 'latency', 'throughput'])),
  // Not OpenRouter's: nobody there checks.
  min_honest_rate: optional(z.number().min(0).max(1)),
})

/** The fields that every OpenAI-shaped question may add: who answers, and which models stand in. */
export const routingFields = {
  models: optional(z.array(z.string().min(1).max(128)).max(8)),
  provider: optional(providerSchema),
}

/** Throws `bad_request` for a price that is no whole number of base units a token. */
export function readRouting(provider: z.infer<typeof providerSchema> | null | undefined): Routing | undefined {
  if (!provider) return undefined
  const {
    order,
    only,
    ignore,
    allow_fallbacks: fallbacks,
    max_price: most,
    quantizations,
    sort,
    min_honest_rate: minHonestRate,
  } = provider
  const maxPrice = { ...priceOf('prompt', most?.prompt), ...priceOf('completion', most?.completion) }
  return {
    ...(order && { order }),
    ...(only && { only }),
    ...(ignore && { ignore }),
    ...(fallbacks != null && { fallbacks }),
    ...(most && { maxPrice }),
    ...(quantizations && { quantizations }),
    ...(minHonestRate != null && { minHonestRate }),
    ...(sort && { sort }),
  }
}

function priceOf(unit: string, value: string | number | null | undefined): Record<string, bigint> {
  if (value == null) return {}
  try {
    return { [unit]: parseUnits(String(value), DECIMALS) }
  } catch {
    const param = `provider.max_price.${unit}`
    throw refuse(param, `must be HED for a million tokens, without an exponent, at most ${DECIMALS} decimals`)
  }
}
