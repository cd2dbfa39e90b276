import { type ZodType, z } from 'zod'
import { MAX_AMOUNT } from './amount.ts'
import type { Address, Hex } from './bytes.ts'

/** Wire forms, as zod schemas: strings stay strings so that what was signed is what is stored. */
export const addressSchema = z.custom<Address>(
  v => typeof v === 'string' && /^0x[0-9a-f]{40}$/.test(v),
  'not an address',
)
export const digestSchema = z.custom<Hex>(
  v => typeof v === 'string' && /^0x[0-9a-f]{64}$/.test(v),
  'not 32 bytes of hex',
)
export const signatureSchema = z.custom<Hex>(
  v => typeof v === 'string' && /^0x[0-9a-f]{130}$/.test(v),
  'not a signature',
)
export const amountSchema = z.custom<string>(
  v => typeof v === 'string' && v.length <= 39 && /^(0|[1-9][0-9]*)$/.test(v) && BigInt(v) <= MAX_AMOUNT,
  'not an amount in base units',
)
export const countSchema = z.custom<string>(
  v => typeof v === 'string' && v.length <= 18 && /^(0|[1-9][0-9]*)$/.test(v),
  'not a count',
)

/** Refuses the one name that zod's records leave out unseen: what was signed is what is read. */
const named = z
  .unknown()
  .refine(v => typeof v !== 'object' || v === null || !Object.hasOwn(v, '__proto__'), 'not a name: __proto__')

/** A JSON object with names of at most `longest` characters. */
export const recordOf = <V extends ZodType>(longest: number, value: V) =>
  named.pipe(z.record(z.string().max(longest), value))
