import { type Endpoint, sendJson } from './edge.ts'

/** Where containers, balancers and clients of other servers look, without a key, whether anybody is here. */
const PATHS = ['/health', '/healthz', '/livez', '/readyz', '/v1/health', '/heddle/1/health'] as const

/** A daemon that answers is well: it answers nobody before it is ready. It tells nothing else to whoever has no key. */
export const healthEndpoints = (): Endpoint[] =>
  PATHS.map(path => ({
    method: 'GET',
    path,
    forPages: true,
    handle: ({ response }) => sendJson(response, 200, { status: 'ok' }, { 'cache-control': 'no-store' }),
  }))
