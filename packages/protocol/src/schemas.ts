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

/**
 * Text of `least` to `most` UTF-16 units, the one count of characters on the wire: packed receipts and the contracts
 * count the same. zod's own bounds count code points. Half of a surrogate pair is no text: UTF-8 has no form for it.
 *
 * @example
 * ```ts
 * import { textSchema } from '@heddle/protocol'
 * textSchema(0, 2).safeParse('😀').success // true
 * textSchema(0, 2).safeParse('😀😀').success // false
 * ```
 */
export const textSchema = (least: number, most: number) =>
  z.custom<string>(
    v => typeof v === 'string' && v.length >= least && v.length <= most && v.isWellFormed(),
    `not a text of ${least} to ${most} UTF-16 units`,
  )

/** What a kind of work is called. */
export const workloadSchema = textSchema(1, 32)

/** Refuses the one name that zod's records leave out unseen: what was signed is what is read. */
const named = z
  .unknown()
  .refine(v => typeof v !== 'object' || v === null || !Object.hasOwn(v, '__proto__'), 'not a name: __proto__')

/** A JSON object with at most `entries` names of at most `longest` UTF-16 units. */
export const recordOf = <V extends ZodType>(longest: number, value: V, entries = Number.POSITIVE_INFINITY) =>
  named
    .pipe(z.record(textSchema(0, longest), value))
    .refine(record => Object.keys(record).length <= entries, `more than ${entries} names`)
