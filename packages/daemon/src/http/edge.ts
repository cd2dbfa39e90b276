import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { HeddleError, type Log, toHeddleError } from '@heddle/protocol'
import { type BodyLimits, parseJson, readBody, USUAL_BODY_LIMITS } from './body.ts'
import { ENCODINGS } from './packed.ts'
import { answerPreflight, isPreflight, letPageRead } from './pages.ts'
import { callerOf, LOOPBACK, type Reach } from './reach.ts'
import { findRoute, methodsForPages, type Routes, routesOf, shapeNear } from './routes.ts'
import { leaveUnread } from './unread.ts'
import { unreadable } from './unreadable.ts'
import { handOver, isUpgrade, type Upgrade } from './upgrade.ts'

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
  /** Pages of other origins may use it, where the owner lets them in: it takes a key, or tells what anybody may know. */
  forPages?: boolean
  /** An error in this endpoint's own shape; the native one when it is left out. */
  error?(error: HeddleError): { status: number; body: unknown; headers?: Readonly<Record<string, string>> }
}

export type EdgeOptions = {
  log: Log
  endpoints: readonly Endpoint[]
  limits?: EdgeLimits
  /** On this machine alone where it is left out. */
  reach?: Reach
  /** What takes connections over; nothing where it is left out. */
  upgrade?: Upgrade
}

/** What an owner may set of an edge; what is left out is as {@link USUAL_EDGE_LIMITS} has it. */
export type EdgeLimits = Partial<BodyLimits> & {
  /** Milliseconds in which a request has to come whole. */
  arrival?: number
  /** Milliseconds that a client may take nothing of what waits for it. */
  unread?: number
}

export const USUAL_EDGE_LIMITS: Required<EdgeLimits> = { ...USUAL_BODY_LIMITS, arrival: 30_000, unread: 60_000 }
/** Milliseconds for the head of a request, which is short. */
const HEAD = 10_000

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
 * ({@link callerOf}); pages that the owner lets in use what is {@link Endpoint.forPages}, and nothing else. Whoever takes
 * nothing of an answer that waits for it is left as if it had hung up; a slow one that takes something goes on.
 */
export function createEdge(options: EdgeOptions): Server {
  const { log, endpoints, reach = LOOPBACK, upgrade } = options
  const limits = { ...USUAL_EDGE_LIMITS, ...options.limits }
  const edge: Edge = { routes: routesOf(endpoints), limits, log, callerOf: callerOf(reach) }
  const server = createServer({
    requestTimeout: limits.arrival,
    headersTimeout: Math.min(HEAD, limits.arrival),
    keepAliveTimeout: 30_000,
    // Node looks every 30 seconds by itself: a header that trickles in would live four times as long as it may.
    connectionsCheckingInterval: 2_500,
    shouldUpgradeCallback: request => upgrade !== undefined && isUpgrade(request, upgrade),
  })
  if (upgrade) handOver(server, upgrade, edge.callerOf)
  server.on('request', (request, response) => {
    void answer(request, response, edge)
  })
  server.on('clientError', (error, socket) => {
    if (socket.writable) socket.end(unreadable(error))
  })
  return server
}

type Edge = { routes: Routes; limits: Required<EdgeLimits>; log: Log; callerOf: ReturnType<typeof callerOf> }

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { routes, limits, log, callerOf }: Edge,
): Promise<void> {
  const gone = new AbortController()
  const isHead = request.method === 'HEAD'
  response.on('close', () => {
    if (isHead || !response.writableFinished) gone.abort()
  })
  leaveUnread(response, limits.unread)
  if (isHead) endAtFirstByte(response)
  let shape: Endpoint['error']
  try {
    const { refused, origin } = callerOf(request.headers)
    if (refused) throw new HeddleError('origin_refused', refused)
    const target = request.url ?? '/'
    if (origin !== undefined) {
      letPageRead(response, origin)
      if (isPreflight(request)) return answerPreflight(request, response, methodsForPages(routes, target))
    }
    const found = findRoute(routes, request.method ?? 'GET', target)
    if (origin !== undefined && !found.endpoint.forPages)
      throw new HeddleError('origin_refused', 'pages of other origins may ask with a key, and nothing else')
    shape = found.endpoint.error ?? nativeError
    await found.endpoint.handle({
      request,
      response,
      params: found.params,
      query: found.query,
      signal: gone.signal,
      json: async () => parseJson(await readBody(request, limits.bytes), limits.depth, limits.names),
    })
  } catch (thrown) {
    const error = toHeddleError(thrown)
    if (error.code === 'internal')
      log.error('request failed', { path: request.url, error: error.message, stack: error.stack })
    if (response.headersSent) return void response.destroy()
    const isNowhere = error.code === 'not_found' || error.code === 'method_not_allowed'
    shape ??= (isNowhere ? shapeNear(routes, request.url ?? '/') : undefined) ?? nativeError
    const { status, body, headers: own } = shape(error)
    const headers = error.code === 'encoding_unsupported' ? { ...own, 'accept-encoding': ENCODINGS } : own
    if (request.complete) sendJson(response, status, body, headers)
    else refuseAmid(request, response, status, body, headers)
  }
}

/** HEAD gets what GET would say of its answer; one that goes on and on ends where its first byte would be. */
function endAtFirstByte(response: ServerResponse): void {
  response.write = () => {
    response.end()
    return true
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
