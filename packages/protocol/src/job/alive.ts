import { z } from 'zod'
import { fromUtf8, utf8 } from '../bytes.ts'
import { canonical } from '../canonical.ts'
import { HeddleError } from '../errors/heddle-error.ts'
import type { Alive } from '../workload.ts'

const aliveSchema = z.object({
  state: z.enum(['queued', 'loading', 'working']),
  position: z.int().min(1).max(1_000_000).optional(),
  progress: z.number().min(0).max(1).optional(),
})

/** The payload of an `alive` frame. */
export const packAlive = ({ state, position, progress }: Alive): Uint8Array =>
  utf8(canonical({ state, ...(position ? { position } : {}), ...(progress === undefined ? {} : { progress }) }))

/**
 * The inverse of {@link packAlive}; what a later version adds is left out. Throws `receipt_mismatch` for what is not a
 * sign of life.
 *
 * @example
 * ```ts
 * import { packAlive, unpackAlive } from '@heddle/protocol'
 * unpackAlive(packAlive({ state: 'queued', position: 3 })) // { state: 'queued', position: 3 }
 * ```
 */
export function unpackAlive(payload: Uint8Array): Alive {
  try {
    return aliveSchema.parse(JSON.parse(fromUtf8(payload))) as Alive
  } catch (cause) {
    throw new HeddleError('receipt_mismatch', 'an alive frame says nothing', { cause })
  }
}
