import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { z } from 'zod'
import type { Statistics } from './statistics.ts'

/** How far an answer is from the reference, and whether thresholds are tried on it instead of chosen. */
export type Found = { distance: Statistics | 'other tokens'; heldOut: boolean }

/** How far one way to run an engine was measured: questions asked so far in all, and what came of them. */
export type Measured = { asked: number; left: number; found: readonly Found[] }

/** What was measured before a calibration was broken off, so that the next one goes on there. */
export type Kept = {
  get(way: string): Measured | undefined
  set(way: string, measured: Measured): void
}

const statistic = z.number().min(0)
const lineSchema = z.object({
  of: z.string(),
  way: z.string(),
  asked: z.int().min(0),
  left: z.int(),
  found: z.array(
    z.object({
      distance: z.union([
        z.literal('other tokens'),
        z.strictObject({ maximum: statistic, tail: statistic, mean: statistic }),
      ]),
      heldOut: z.boolean(),
    }),
  ),
})

/**
 * Keeps it in a file, a line for every step; `of` names what is measured (weights, questions, engine): lines of anything
 * else are not read. A torn or foreign line counts as never written, and what it said is measured again.
 *
 * @example
 * ```ts
 * // sketch
 * const kept = keepInFile('calibrations/0x12.part', digest)
 * const calibration = await calibrate({ model, kept, log, signal })
 * kept.remove()
 * ```
 */
export function keepInFile(file: string, of: string): Kept & { remove(): void } {
  const known = new Map<string, Measured>()
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  for (const line of lines) {
    const { of: whose, way, ...measured } = readLine(line) ?? {}
    if (whose === of && way !== undefined) known.set(way, measured as Measured)
  }
  return {
    get: way => known.get(way),
    set(way, measured) {
      known.set(way, measured)
      // A line that was torn before ends here.
      appendFileSync(file, `\n${JSON.stringify({ of, way, ...measured })}\n`)
    },
    remove: () => rmSync(file, { force: true }),
  }
}

function readLine(line: string): z.infer<typeof lineSchema> | undefined {
  try {
    return lineSchema.parse(JSON.parse(line))
  } catch {
    return undefined
  }
}
