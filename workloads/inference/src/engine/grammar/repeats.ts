import type { Rules } from './rules.ts'

/** Above it an engine reads no repetition; it writes out each of them. */
const DIRECT = 256

/**
 * A body so many times, as `body{min,max}` means it, in about as many rules as the square root of the count: an engine
 * writes repetitions out, and many times many make a grammar that costs it seconds.
 */
export function times(body: string, min: number, max: number, rules: Rules): string {
  if (max <= DIRECT) return max === 0 ? '""' : `${body}{${min},${max}}`
  if (max === Number.POSITIVE_INFINITY) return min === 0 ? `${body}*` : `${exactly(body, min, rules)} ${body}*`
  return `${exactly(body, min, rules)} ${atMost(body, max - min, rules)}`.trim()
}

function exactly(body: string, count: number, rules: Rules): string {
  if (count <= DIRECT) return count === 0 ? '' : `${body}{${count}}`
  const block = Math.floor(Math.sqrt(count))
  const whole = Math.floor(count / block)
  const rest = count - whole * block
  const name = rules.define(`${body}{${block}}`)
  return `${name}{${whole}}${rest > 0 ? ` ${body}{${rest}}` : ''}`
}

/** Whole blocks, then fewer than a block; or all blocks, then what is left of the count. */
function atMost(body: string, count: number, rules: Rules): string {
  if (count <= DIRECT) return count === 0 ? '' : `${body}{0,${count}}`
  const block = Math.floor(Math.sqrt(count))
  const whole = Math.floor(count / block)
  const rest = count - whole * block
  const name = rules.define(`${body}{${block}}`)
  return `(${name}{0,${whole - 1}} ${body}{0,${block - 1}} | ${name}{${whole}} ${body}{0,${rest}})`
}
