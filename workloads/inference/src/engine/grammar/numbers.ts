import { either, literal } from './rules.ts'

/** 15 digits: what a double holds exactly. */
const MOST = 999_999_999_999_999

export type Range = { min: number; max: number }

/** Whole numbers of a range, each in the one way that JSON has for it. Bounds are whole, and cut to 15 digits. */
export function integers({ min, max }: Range): string {
  const low = Math.max(Math.ceil(min), -MOST)
  const high = Math.min(Math.floor(max), MOST)
  const parts: string[] = []
  if (low < 0) parts.push(`"-" ${naturals(Math.max(1, -high), -low)}`)
  if (high >= 0) parts.push(naturals(Math.max(0, low), high))
  return either(parts)
}

/** Numbers of a range with whole bounds: with up to 15 places after the point; exponents only without any bound. */
export function numbers({ min, max }: Range): string {
  const fraction = '("." [0-9]{1,15})?'
  if (min === Number.NEGATIVE_INFINITY && max === Number.POSITIVE_INFINITY)
    return `"-"? ("0" | [1-9] [0-9]{0,14}) ${fraction} ([eE] [-+]? [0-9]{1,2})?`
  const low = Math.max(min, -MOST)
  const high = Math.min(max, MOST)
  /** From a to b, both at least 0: below b with a fraction, or b itself. */
  const between = (a: number, b: number) =>
    a < b ? either([`${naturals(a, b - 1)} ${fraction}`, literal(`${b}`)]) : literal(`${b}`)
  const parts: string[] = []
  if (low < 0) parts.push(`"-" ${between(Math.max(0, -high), -low)}`)
  if (high >= 0) parts.push(between(Math.max(0, low), high))
  return either(parts)
}

/** Whole numbers from a to b, both at least 0, without leading zeros. */
function naturals(a: number, b: number): string {
  const parts: string[] = []
  for (let low = a; low <= b; ) {
    const high = Math.min(b, 10 ** `${low}`.length - 1)
    parts.push(digits(`${low}`, `${high}`))
    low = high + 1
  }
  return either(parts)
}

/** Strings of digits between two of the same length. */
function digits(a: string, b: string): string {
  if (a === b) return literal(a)
  const rest = a.length - 1
  if (/^0*$/.test(a.slice(1)) && /^9*$/.test(b.slice(1))) {
    const first = a[0] === b[0] ? literal(a[0]!) : `[${a[0]}-${b[0]}]`
    return rest === 0 ? first : `${first} [0-9]{${rest}}`
  }
  if (a[0] === b[0]) return `${literal(a[0]!)} ${digits(a.slice(1), b.slice(1))}`
  const parts = [`${literal(a[0]!)} ${digits(a.slice(1), '9'.repeat(rest))}`]
  const [from, to] = [Number(a[0]) + 1, Number(b[0]) - 1]
  if (from <= to) parts.push(`[${from}-${to}] [0-9]{${rest}}`)
  parts.push(`${literal(b[0]!)} ${digits('0'.repeat(rest), b.slice(1))}`)
  return either(parts)
}
