import type { IncomingMessage, ServerResponse } from 'node:http'

/** How long a browser keeps in mind what a page of another origin may ask: seconds. */
const KEPT = '600'

/** Tells a browser that this page may read the answer. No cookie ever counts for it: it needs a key. */
export function letPageRead(response: ServerResponse, origin: string): void {
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('access-control-expose-headers', '*')
  response.setHeader('vary', 'Origin')
}

/** True for what a browser asks before it lets a page of another origin ask. */
export const isPreflight = ({ method, headers }: IncomingMessage): boolean =>
  method === 'OPTIONS' && headers['access-control-request-method'] !== undefined

/** Answers it: these methods, whatever headers, and no cookies. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse, methods: readonly string[]): void {
  const wanted = request.headers['access-control-request-headers']
  response.writeHead(204, {
    'access-control-allow-methods': methods.join(', '),
    ...(wanted && /^[\w\-, ]{1,1000}$/.test(wanted) ? { 'access-control-allow-headers': wanted } : {}),
    ...(request.headers['access-control-request-private-network'] === 'true'
      ? { 'access-control-allow-private-network': 'true' }
      : {}),
    'access-control-max-age': KEPT,
    vary: 'Origin, Access-Control-Request-Headers',
  })
  response.end()
}
