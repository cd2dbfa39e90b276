/** The gateway as it is shipped, with HEDDLE_CROWD more providers that dial in: more than a process can be told by its environment. */
import type { GatewaySettings } from '@heddle/gateway/settings'
import { memberOf } from './members.ts'

const settings = JSON.parse(process.env['HEDDLE_SETTINGS']!) as GatewaySettings
const crowd = Array.from({ length: Number(process.env['HEDDLE_CROWD']) }, (_, i) => ({ pinned: memberOf(i).address }))
process.env['HEDDLE_SETTINGS'] = JSON.stringify({ ...settings, providers: [...settings.providers, ...crowd] })
await import('@heddle/gateway/main')
