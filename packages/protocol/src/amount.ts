import { HeddleError } from './errors/heddle-error.ts'

/** Base units of an asset (HED has 18 decimals). On a wire: a decimal string without sign or leading zero. */
export type Amount = bigint

export const MAX_AMOUNT = (1n << 128n) - 1n

/**
 * Reads an amount in base units. Throws `bad_request` for signs, leading zeros, exponents, or above 2^128 − 1.
 *
 * @example
 * ```ts
 * import { parseAmount } from '@heddle/protocol'
 * parseAmount('1000') // 1000n
 * ```
 */
export function parseAmount(text: string): Amount {
  if (text.length > 39 || !/^(0|[1-9][0-9]*)$/.test(text)) throw new HeddleError('bad_request', 'not an amount')
  const amount = BigInt(text)
  if (amount > MAX_AMOUNT) throw new HeddleError('bad_request', 'amount above 2^128 - 1')
  return amount
}

/**
 * Base units as whole tokens, exact, without trailing zeros.
 *
 * @example
 * ```ts
 * import { formatUnits } from '@heddle/protocol'
 * formatUnits(210000000000000n) // '0.00021'
 * ```
 */
export function formatUnits(amount: Amount, decimals = 18): string {
  const sign = amount < 0n ? '-' : ''
  const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, '0')
  const point = digits.length - decimals
  const whole = digits.slice(0, point)
  const fraction = digits.slice(point).replace(/0+$/, '')
  return sign + whole + (fraction ? `.${fraction}` : '')
}

/**
 * Whole tokens as base units: the inverse of {@link formatUnits}. Throws `bad_request` for more decimals than the asset
 * has, or above 2^128 − 1.
 */
export function parseUnits(text: string, decimals = 18): Amount {
  const match = /^([0-9]{1,39})(?:\.([0-9]+))?$/.exec(text)
  const fraction = match?.[2] ?? ''
  if (!match || fraction.length > decimals)
    throw new HeddleError('bad_request', `not an amount of tokens: ${text.slice(0, 80)}`)
  const amount = BigInt(match[1]! + fraction.padEnd(decimals, '0'))
  if (amount > MAX_AMOUNT) throw new HeddleError('bad_request', 'amount above 2^128 - 1')
  return amount
}
