import { z } from 'zod'
import type { ChatSpec } from '../../spec.ts'

export type Effort = NonNullable<ChatSpec['reasoning']>

/** Words for how much to think: engines know three of them, and the others are the nearest of these. */
const WORDS: Readonly<Record<string, Effort>> = {
  none: 'none',
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'high',
}

/** How much to think, in any API's words. */
export const effort = z.enum(Object.keys(WORDS)).transform(word => WORDS[word]!)

/** A budget in tokens: to 4,096 little, to 16,384 some, above it much. */
export const effortOf = (budget: number): Effort => (budget <= 4_096 ? 'low' : budget <= 16_384 ? 'medium' : 'high')
