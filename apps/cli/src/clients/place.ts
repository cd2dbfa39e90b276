import { HeddleError } from '@heddle/protocol'
import { call } from '../call.ts'
import { guess } from '../command-line/nearest.ts'
import { complain } from '../command-line/words.ts'
import { findHome, firstKey, running } from '../home/index.ts'
import type { Place } from './clients.ts'

type Models = { data: { id: string; heddle?: { features?: string[] } }[] }

/**
 * Where clients of the house that runs here ask, with which key and model. Throws `not_running`, `key_missing`,
 * `model_unavailable`, `usage_wrong` for a model that nobody here has.
 */
export async function placeOf(flags: { home?: string; model?: string }): Promise<Place> {
  const home = findHome(flags.home)
  const { url } = running(home).gateway
  const key = firstKey(home)
  const { data } = await call<Models>(`${url}/v1/models`, { token: key })
  const { model: named } = flags
  if (named !== undefined) {
    const names = data.map(({ id }) => id)
    if (!names.includes(named)) complain('--model', `nobody here has "${named}"${guess(named, names)}`)
    return { url, key, model: named }
  }
  const model = data.find(({ heddle }) => heddle?.features?.includes('chat') ?? true)
  if (!model) throw new HeddleError('model_unavailable', 'nobody that this house knows has a model now')
  return { url, key, model: model.id }
}
