import { z } from 'zod'
import { fromUtf8, utf8 } from '../bytes.ts'
import { canonical } from '../canonical.ts'
import type { Alive } from '../workload.ts'

const aliveSchema = z.object({
  state: z.enum(['queued', 'loading', 'working']).catch('working'),
  position: z.int().min(1).max(1_000_000).optional().catch(undefined),
  progress: z.number().min(0).max(1).optional().catch(undefined),
})

/** The payload of an `alive` message. */
export const packAlive = ({ state, position, progress }: Alive): Uint8Array =>
  utf8(canonical({ state, ...(position ? { position } : {}), ...(progress === undefined ? {} : { progress }) }))

/**
 * The inverse of {@link packAlive}. It is a sign of life whatever it says: what a later version says otherwise reads as
 * `working`, and what it adds is left out.
 *
 * @example
 * ```ts
 * import { packAlive, unpackAlive } from '@heddle/protocol'
 * unpackAlive(packAlive({ state: 'queued', position: 3 })) // { state: 'queued', position: 3 }
 * ```
 */
export function unpackAlive(payload: Uint8Array): Alive {
  let said: unknown
  try {
    said = JSON.parse(fromUtf8(payload))
  } catch {
    return { state: 'working' }
  }
  const { state, position, progress } = aliveSchema.catch({ state: 'working' }).parse(said)
  return { state, ...(position === undefined ? {} : { position }), ...(progress === undefined ? {} : { progress }) }
}
