import { type Endpoint, sendJson } from '@heddle/daemon'
import { HeddleError } from '@heddle/protocol'
import type { Access } from '../access.ts'
import type { Rates } from '../rates.ts'

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** `PUT /heddle/1/admin/watcher {url}`: where the watcher of this house tells its rates. It says so by itself. */
export const watcherEndpoint = (rates: Rates, access: Access): Endpoint => ({
  method: 'PUT',
  path: '/heddle/1/admin/watcher',
  async handle(call) {
    access.requireAdmin(call.request)
    const { url } = (await call.json()) as { url?: unknown }
    const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined
    if (parsed?.protocol !== 'http:' || !LOOPBACK.has(parsed.hostname))
      throw new HeddleError('bad_request', 'url: a watcher of this machine, http://127.0.0.1:PORT')
    rates.use(parsed.origin)
    await rates.refresh()
    sendJson(call.response, 200, { url: parsed.origin })
  },
})
