import type { Drawing } from './draw.ts'

/** Candidates of a position where a request does not say how many. */
export const DEFAULT_TOP_K = 16

/** How a request wants its tokens drawn, as a head says it. `seed` is the consumer's own number, if it sent one. */
export type AskedDrawing = Drawing & Readonly<{ topK: number; seed?: number }>

const isNumber = (value: unknown, low: number, high: number): value is number =>
  typeof value === 'number' && value >= low && value <= high

/**
 * How an inference spec wants its tokens drawn, or nothing where it is not one that says so. A temperature above 0 is
 * at least one thousandth; above 255 candidates are 255.
 *
 * @example
 * ```ts
 * import { askedDrawing } from '@heddle/inference/draw'
 * askedDrawing({ temperature: 0.7, topP: 1 }) // { temperature: 700, topP: 1000000, topK: 16 }
 * askedDrawing({ temperature: 'hot', topP: 1 }) // undefined
 * ```
 */
export function askedDrawing(spec: Readonly<Record<string, unknown>>): AskedDrawing | undefined {
  const read = (name: string): unknown => (Object.hasOwn(spec, name) ? spec[name] : undefined)
  const [temperature, topP, topK = DEFAULT_TOP_K, seed] = ['temperature', 'topP', 'topK', 'seed'].map(read)
  if (!isNumber(temperature, 0, 2) || !isNumber(topP, 0, 1) || topP === 0) return undefined
  if (!isNumber(topK, 1, 1_000) || !Number.isInteger(topK)) return undefined
  if (seed !== undefined && !(isNumber(seed, 0, 0xffff_fffe) && Number.isInteger(seed))) return undefined
  return {
    temperature: temperature === 0 ? 0 : Math.max(1, Math.round(temperature * 1_000)),
    topP: Math.max(1, Math.round(topP * 1_000_000)),
    topK: Math.min(topK, 255),
    ...(seed === undefined ? {} : { seed }),
  }
}
