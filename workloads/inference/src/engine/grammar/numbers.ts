import type { Bound } from '../../schema/nodes.ts'
import { either, literal } from './rules.ts'

/** 15 digits: what a double holds exactly. */
const MOST = 999_999_999_999_999
const PLACES = 15

export type Range = { min?: Bound | undefined; max?: Bound | undefined }

/** Whole numbers of a range, each in the one way that JSON has for it, of at most 15 digits. Undefined where there is none. */
export function integers({ min, max }: Range): string | undefined {
  const low = Math.max(min ? (min.exclusive ? Math.floor(min.value) + 1 : Math.ceil(min.value)) : -MOST, -MOST)
  const high = Math.min(max ? (max.exclusive ? Math.ceil(max.value) - 1 : Math.floor(max.value)) : MOST, MOST)
  if (low > high) return undefined
  const parts: string[] = []
  if (low < 0) parts.push(`"-" ${naturals(Math.max(1, -high), -low)}`)
  if (high >= 0) parts.push(naturals(Math.max(0, low), high))
  return either(parts)
}

/**
 * Numbers of a range, with at most so many places after the point. Exponents only without any bound. Undefined where
 * there is none, or where a bound has more digits than can be written out.
 */
export function numbers({ min, max }: Range, places = PLACES): string | undefined {
  if (!min && !max && places === PLACES)
    return `"-"? ("0" | [1-9] [0-9]{0,14}) ("." [0-9]{1,${PLACES}})? ([eE] [-+]? [0-9]{1,2})?`
  const low = min ?? { value: -MOST, exclusive: false }
  const high = max ?? { value: MOST, exclusive: false }
  if (low.value > high.value || (low.value === high.value && (low.exclusive || high.exclusive))) return undefined
  const parts: string[] = []
  if (low.value < 0) {
    const from = high.value < 0 ? { value: -high.value, exclusive: high.exclusive } : { value: 0, exclusive: true }
    const below = positives(from, { value: -low.value, exclusive: low.exclusive }, places)
    if (below !== undefined) parts.push(`"-" ${below}`)
  }
  if (high.value >= 0) {
    const above = positives(low.value >= 0 ? low : { value: 0, exclusive: false }, high, places)
    if (above !== undefined) parts.push(above)
  }
  return parts.length === 0 ? undefined : either(parts)
}

/** Numbers between two bounds that are at least 0. */
function positives(low: Bound, high: Bound, places: number): string | undefined {
  const digits = Math.max(placesOf(low.value), placesOf(high.value))
  if (digits > places || digits > 9) return undefined
  const scale = 10 ** digits
  const [from, to] = [Math.round(low.value * scale), Math.min(Math.round(high.value * scale), MOST)]
  if (from > to) return undefined
  const more = places - digits
  // What follows the digits of the bounds: nothing, zeros and something, or anything.
  const point = digits === 0 ? '"." ' : ''
  const some = more > 0 ? `(${point}[0-9]{1,${more}})?` : ''
  const above = more > 0 ? `${point}"0"{0,${more - 1}} [1-9]` : undefined
  const parts: string[] = []
  const add = (a: number, b: number, rest: string): void => {
    if (a <= b) parts.push(`${fixed(a, b, digits)} ${rest}`.trim())
  }
  if (from === to) {
    if (!low.exclusive && !high.exclusive) parts.push(fixed(from, to, digits))
  } else {
    if (low.exclusive && above) add(from, from, above)
    add(low.exclusive ? from + 1 : from, to - 1, some)
    if (!high.exclusive) add(to, to, '')
  }
  // With fewer digits than the bounds have.
  for (let less = digits - 1; less >= 0; less--) {
    const unit = 10 ** (digits - less)
    const [a, b] = [Math.ceil(from / unit), Math.floor(to / unit)]
    const first = low.exclusive && a * unit === from ? a + 1 : a
    const last = high.exclusive && b * unit === to ? b - 1 : b
    if (first <= last) parts.push(fixed(first, last, less))
  }
  return parts.length === 0 ? undefined : either(parts)
}

/** Digits after the point, of a number as JavaScript writes it; more than can be handled for exponents. */
function placesOf(value: number): number {
  const text = String(value)
  if (text.includes('e-')) return Number.POSITIVE_INFINITY
  return text.includes('.') ? text.length - text.indexOf('.') - 1 : 0
}

/** Whole numbers from a to b without leading zeros, or the same with a point before their last digits. */
function fixed(a: number, b: number, places: number): string {
  if (places === 0) return naturals(a, b)
  const parts: string[] = []
  for (let low = a; low <= b; ) {
    const width = Math.max(`${low}`.length, places + 1)
    const high = Math.min(b, 10 ** width - 1)
    const [from, to] = [low, high].map(one => {
      const text = `${one}`.padStart(places + 1, '0')
      return `${text.slice(0, -places)}.${text.slice(-places)}`
    })
    parts.push(between(from!, to!))
    low = high + 1
  }
  return either(parts)
}

/** Whole numbers from a to b, both at least 0, without leading zeros. */
function naturals(a: number, b: number): string {
  const parts: string[] = []
  for (let low = a; low <= b; ) {
    const high = Math.min(b, 10 ** `${low}`.length - 1)
    parts.push(between(`${low}`, `${high}`))
    low = high + 1
  }
  return either(parts)
}

/** Texts of digits between two of the same form, which may both have a point at one place. */
function between(a: string, b: string): string {
  if (a === b) return literal(a)
  if (/^[0.]*$/.test(a.slice(1)) && /^[9.]*$/.test(b.slice(1))) {
    const first = a[0] === b[0] ? literal(a[0]!) : `[${a[0]}-${b[0]}]`
    return `${first} ${anyLike(a.slice(1))}`.trim()
  }
  if (a[0] === b[0]) return `${literal(a[0]!)} ${between(a.slice(1), b.slice(1))}`
  const [nines, zeros] = [a.slice(1).replace(/[0-9]/g, '9'), b.slice(1).replace(/[0-9]/g, '0')]
  const parts = [`${literal(a[0]!)} ${between(a.slice(1), nines)}`]
  const [from, to] = [Number(a[0]) + 1, Number(b[0]) - 1]
  if (from <= to) parts.push(`[${from}-${to}] ${anyLike(a.slice(1))}`)
  parts.push(`${literal(b[0]!)} ${between(zeros, b.slice(1))}`)
  return either(parts)
}

/** Any digits in the form of a text. */
const anyLike = (form: string): string =>
  form
    .split('.')
    .map(digits => (digits === '' ? '' : `[0-9]{${digits.length}}`))
    .join(' "." ')
    .trim()
