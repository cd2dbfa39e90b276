import { fromUtf8, HeddleError, orderedText } from '@heddle/protocol'
import { Pool } from 'undici'
import type { EngineAddress } from './address.ts'
import { type Json, parseObject } from './json.ts'
import { type EngineListener, type EngineStream, openStream } from './stream.ts'

/** A connection to one engine. Redirects are never followed, so nothing but this engine is ever spoken to. */
export type EngineHttp = {
  /** One JSON answer, bounded in size and time. Throws `engine_down`, `engine_slow`, `engine_malformed`, and refusals. */
  json(method: 'GET' | 'POST', path: string, body?: unknown, options?: AskOptions): Promise<Json>
  /** A streamed answer, which its listener keeps within time and size. */
  stream(path: string, body: unknown, listener: EngineListener): EngineStream
  close(): Promise<void>
}

export type AskOptions = { maxBytes?: number; timeoutMs?: number; signal?: AbortSignal }

const MAX_ANSWER = 4 << 20

export function openEngine(
  address: EngineAddress,
  options: { apiKey?: string | undefined; connections: number; askMs: number },
): EngineHttp {
  const pool = new Pool(address.origin, {
    connections: options.connections,
    pipelining: 1,
    connect: { timeout: options.askMs },
    // The caller has its own clocks, which know a first token from a later one.
    headersTimeout: 0,
    bodyTimeout: 0,
    // Well before the five seconds after which most servers close what is idle: no question runs into that.
    keepAliveTimeout: 2_000,
    maxHeaderSize: 16_384,
  })
  const headers = {
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    ...(options.apiKey ? { authorization: `Bearer ${options.apiKey}` } : {}),
  }
  const open = (method: 'GET' | 'POST', path: string, body: unknown, listener: EngineListener): EngineStream => {
    const sent = body === undefined ? {} : { body: orderedText(body) }
    return openStream(pool, { method, path: address.path + path, headers, ...sent }, listener)
  }
  return {
    async json(method, path, body, { maxBytes = MAX_ANSWER, timeoutMs = options.askMs, signal } = {}) {
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
      const parts: Uint8Array[] = []
      let size = 0
      const stream = open(method, path, body, {
        part(bytes) {
          size += bytes.length
          if (size <= maxBytes) parts.push(bytes)
          else fail(new HeddleError('engine_malformed', `the engine's answer is above ${maxBytes} bytes`))
        },
        end: error => (error ? reject(error) : resolve(Buffer.concat(parts))),
      })
      function fail(error: HeddleError): void {
        stream.abort()
        reject(error)
      }
      const abort = (): void => fail(new HeddleError('aborted'))
      const slow = (): void => fail(new HeddleError('engine_slow', `no answer from ${path} in ${timeoutMs} ms`))
      const timer = setTimeout(slow, timeoutMs)
      signal?.addEventListener('abort', abort, { once: true })
      if (signal?.aborted) abort()
      try {
        return parseObject(fromUtf8(await promise))
      } finally {
        clearTimeout(timer)
        signal?.removeEventListener('abort', abort)
      }
    },
    stream: (path, body, listener) => open('POST', path, body, listener),
    close: () => pool.destroy(),
  }
}
