import { STATUS_CODES } from 'node:http'
import { type ErrorCode, HeddleError } from '@heddle/protocol'

const KINDS: Readonly<Record<string, { status: number; code: ErrorCode; message: string }>> = {
  HPE_HEADER_OVERFLOW: { status: 431, code: 'bad_request', message: 'the headers are above 16 KiB together' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, code: 'bad_request', message: 'the request did not come whole in time' },
}

/**
 * The answer, byte for byte, to what is no HTTP request: there is no path yet, so its error has the native shape. Node's
 * parser says what it stumbled over.
 *
 * @example
 * ```ts
 * // sketch
 * socket.end(unreadable(error)) // HTTP/1.1 400 Bad Request, and {"error":{"code":"bad_request",…}}
 * ```
 */
export function unreadable(thrown: Error & { code?: string; reason?: string }): string {
  const { reason = 'it cannot be parsed', code: found = '' } = thrown
  const message = `this is no HTTP/1.1 request that can be read: ${reason}`
  const { status, code, message: said } = KINDS[found] ?? { status: 400, code: 'bad_request' as const, message }
  const body = JSON.stringify({ error: new HeddleError(code, said).toJSON() })
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n')
}
