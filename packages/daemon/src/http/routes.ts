import { HeddleError } from '@heddle/protocol'
import type { Endpoint } from './edge.ts'
import { compile, type Pattern } from './pattern.ts'

/** An endpoint that was found for a target. */
export type Found = { endpoint: Endpoint; params: Readonly<Record<string, string>>; query: URLSearchParams }

export type Routes = {
  /** By method and target, for paths without parts: nearly all that is asked. */
  exact: ReadonlyMap<string, Found>
  patterns: readonly { endpoint: Endpoint; match: Pattern }[]
}

export function routesOf(endpoints: readonly Endpoint[]): Routes {
  const exact = new Map<string, Found>()
  for (const endpoint of endpoints) {
    const target = `${endpoint.method} ${endpoint.path}`
    // As in a search through the patterns, the first of two wins.
    if (endpoint.path.includes(':') || exact.has(target)) continue
    exact.set(target, { endpoint, params: {}, query: new URLSearchParams() })
  }
  return { exact, patterns: endpoints.map(endpoint => ({ endpoint, match: compile(endpoint.path) })) }
}

/** The endpoint at a target; HEAD is wherever GET is. Throws `not_found`, `method_not_allowed`. */
export function findRoute(routes: Routes, asked: string, target: string): Found {
  const method = asked === 'HEAD' ? 'GET' : asked
  const exact = routes.exact.get(`${method} ${target}`)
  if (exact) return exact
  const { all, pathname, query } = everyAt(routes, target)
  const found = all.find(({ endpoint }) => endpoint.method === method)
  if (found) return { ...found, query }
  if (all.length > 0)
    throw new HeddleError('method_not_allowed', `use ${all.map(({ endpoint }) => endpoint.method).join(' or ')}`)
  throw new HeddleError('not_found', `nothing is at ${pathname.slice(0, 100)}`)
}

/**
 * Whose words an error about a path that leads nowhere is told in: those of the endpoint that has most of the path's
 * beginning, whole parts, and an error shape of its own. Nothing where none has.
 */
export function shapeNear(routes: Routes, target: string): Endpoint['error'] {
  if (!URL.canParse(target, 'http://localhost')) return undefined
  const parts = new URL(target, 'http://localhost').pathname.split('/').slice(1)
  let nearest: { shared: number; error: Endpoint['error'] } = { shared: 0, error: undefined }
  for (const { endpoint } of routes.patterns) {
    if (!endpoint.error) continue
    const own = endpoint.path.split('/').slice(1)
    const apart = own.findIndex((part, i) => !part.startsWith(':') && part !== parts[i])
    const shared = Math.min(apart < 0 ? own.length : apart, parts.length)
    if (shared > nearest.shared) nearest = { shared, error: endpoint.error }
  }
  return nearest.error
}

/** The methods at a target that pages of other origins may use. Throws `not_found`. */
export function methodsForPages(routes: Routes, target: string): string[] {
  const methods = everyAt(routes, target).all.flatMap(({ endpoint }) => (endpoint.forPages ? endpoint.method : []))
  if (methods.length === 0) throw new HeddleError('not_found', 'nothing is here for pages of other origins')
  return methods
}

function everyAt({ patterns }: Routes, target: string) {
  if (!URL.canParse(target, 'http://localhost')) throw new HeddleError('not_found', 'the path is not one')
  const { pathname, searchParams: query } = new URL(target, 'http://localhost')
  const all = patterns.flatMap(({ endpoint, match }) => {
    const params = match(pathname)
    return params ? [{ endpoint, params }] : []
  })
  return { all, pathname, query }
}
