import { HeddleError } from '@heddle/protocol'
import { call } from '../call.ts'
import { findHome, firstKey, running } from '../home/index.ts'
import type { Place } from './clients.ts'

type Models = { data: { id: string; heddle?: { features?: string[] } }[] }

/** Where clients of the house that runs here ask, with which key and model. Throws `not_running`, `key_missing`, `model_unavailable`. */
export async function placeOf(flags: { home?: string; model?: string }): Promise<Place> {
  const home = findHome(flags.home)
  const { url } = running(home).gateway
  const key = firstKey(home)
  if (flags.model !== undefined) return { url, key, model: flags.model }
  const { data } = await call<Models>(`${url}/v1/models`, { token: key })
  const model = data.find(({ heddle }) => heddle?.features?.includes('chat') ?? true)
  if (!model) throw new HeddleError('model_unavailable', 'nobody that this house knows has a model now')
  return { url, key, model: model.id }
}
