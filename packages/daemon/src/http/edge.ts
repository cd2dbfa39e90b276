import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { HeddleError, type Log, toHeddleError } from '@heddle/protocol'
import { type BodyLimits, DEFAULT_BODY_LIMITS, parseJson, readBody } from './body.ts'
import { compile, type Pattern } from './pattern.ts'
import { foreignTo, LOOPBACK, type Reach } from './reach.ts'

export type Call = {
  request: IncomingMessage
  response: ServerResponse
  params: Readonly<Record<string, string>>
  query: URLSearchParams
  /** Aborts when the client goes away before the response is complete. */
  signal: AbortSignal
  /** Reads and parses the body, within the limits of this edge. */
  json(): Promise<unknown>
}

export type Endpoint = {
  method: string
  /** A path with `:name` parts. */
  path: string
  handle(call: Call): Promise<void> | void
  /** An error in this endpoint's own shape; the native one when it is left out. */
  error?(error: HeddleError): { status: number; body: unknown; headers?: Readonly<Record<string, string>> }
}

export type EdgeOptions = {
  log: Log
  endpoints: readonly Endpoint[]
  limits?: BodyLimits
  /** On this machine alone where it is left out. */
  reach?: Reach
}

const nativeError: NonNullable<Endpoint['error']> = error => ({ status: error.status, body: { error: error.toJSON() } })

/** A replacer makes every value dear; only those that hold a bigint need one. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    return JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? inner.toString() : inner))
  }
}

/** Sends one JSON value; bigints become decimal strings. */
export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = jsonOf(value)
  response.writeHead(status, { ...jsonHead(body), ...headers })
  response.end(body)
}

const jsonHead = (body: string) => ({
  'content-type': 'application/json; charset=utf-8',
  'content-length': Buffer.byteLength(body),
})

/**
 * The HTTP edge of a daemon: routes, bounds, and errors as JSON. Foreign origins and foreign Host names are refused
 * ({@link foreignTo}).
 */
export function createEdge(options: EdgeOptions): Server {
  const { log, endpoints, limits = DEFAULT_BODY_LIMITS, reach = LOOPBACK } = options
  const edge: Edge = { routes: routesOf(endpoints), limits, log, foreign: foreignTo(reach) }
  const server = createServer({
    requestTimeout: 30_000,
    headersTimeout: 10_000,
    keepAliveTimeout: 30_000,
    // Node looks every 30 seconds by itself: a header that trickles in would live four times as long as it may.
    connectionsCheckingInterval: 2_500,
  })
  server.on('request', (request, response) => {
    void answer(request, response, edge)
  })
  server.on('clientError', (_, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
  })
  return server
}

type Edge = { routes: Routes; limits: BodyLimits; log: Log; foreign: ReturnType<typeof foreignTo> }

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { routes, limits, log, foreign }: Edge,
): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  let shape: NonNullable<Endpoint['error']> = nativeError
  try {
    const refused = foreign(request.headers)
    if (refused) throw new HeddleError('origin_refused', refused)
    const target = request.url ?? '/'
    const found = routes.exact.get(`${request.method} ${target}`) ?? find(routes, request.method ?? 'GET', target)
    shape = found.endpoint.error ?? nativeError
    await found.endpoint.handle({
      request,
      response,
      params: found.params,
      query: found.query,
      signal: gone.signal,
      json: async () => parseJson(await readBody(request, limits.bytes), limits.depth),
    })
  } catch (thrown) {
    const error = toHeddleError(thrown)
    if (error.code === 'internal')
      log.error('request failed', { path: request.url, error: error.message, stack: error.stack })
    if (response.headersSent) return void response.destroy()
    const { status, body, headers } = shape(error)
    if (request.complete) sendJson(response, status, body, headers)
    else refuseAmid(request, response, status, body, headers)
  }
}

/** What is thrown away of a request after its refusal, at most: milliseconds and bytes. */
const LINGER = { milliseconds: 1_000, bytes: 64 << 20 }

/**
 * Answers a request that is still being sent, and ends its connection. An end at once would take the answer from under
 * whoever still writes, so what comes for a moment is thrown away first.
 */
function refuseAmid(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = jsonOf(value)
  response.writeHead(status, { ...jsonHead(body), ...headers, connection: 'close' })
  response.write(body)
  let left = LINGER.bytes
  const timer = setTimeout(end, LINGER.milliseconds)
  function end(): void {
    clearTimeout(timer)
    response.end()
  }
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length
    if (left <= 0) end()
  })
  request.once('close', end)
  request.once('end', end)
  request.resume()
}

type Found = { endpoint: Endpoint; params: Readonly<Record<string, string>>; query: URLSearchParams }
type Routes = {
  /** By method and target, for paths without parts: nearly all that is asked. */
  exact: ReadonlyMap<string, Found>
  patterns: readonly { endpoint: Endpoint; match: Pattern }[]
}

function routesOf(endpoints: readonly Endpoint[]): Routes {
  const exact = new Map<string, Found>()
  for (const endpoint of endpoints) {
    const target = `${endpoint.method} ${endpoint.path}`
    // As in a search through the patterns, the first of two wins.
    if (endpoint.path.includes(':') || exact.has(target)) continue
    exact.set(target, { endpoint, params: {}, query: new URLSearchParams() })
  }
  return { exact, patterns: endpoints.map(endpoint => ({ endpoint, match: compile(endpoint.path) })) }
}

function find({ patterns }: Routes, method: string, target: string): Found {
  if (!URL.canParse(target, 'http://localhost')) throw new HeddleError('not_found', 'the path is not one')
  const { pathname, searchParams: query } = new URL(target, 'http://localhost')
  const allowed: string[] = []
  for (const { endpoint, match } of patterns) {
    const params = match(pathname)
    if (!params) continue
    if (endpoint.method === method) return { endpoint, params, query }
    allowed.push(endpoint.method)
  }
  if (allowed.length > 0) throw new HeddleError('method_not_allowed', `use ${allowed.join(' or ')}`)
  throw new HeddleError('not_found', `nothing is at ${pathname.slice(0, 100)}`)
}

/** Listens, on loopback where nothing else is said. Throws `port_taken`. Gives the port that it got. */
export function listen(server: Server, port: number, { host }: Reach = LOOPBACK): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', cause => {
      const taken = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE'
      reject(new HeddleError(taken ? 'port_taken' : 'internal', taken ? `port ${port}` : cause.message, { cause }))
    })
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}

/** Stops listening; streams that are still running are cut. */
export function closeServer(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
