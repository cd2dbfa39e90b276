import { HeddleError } from '@heddle/protocol'
import { Pool } from 'undici'
import type { EngineAddress } from './address.ts'
import { isObject, type Json, parseObject } from './json.ts'

/** A connection to one engine. Redirects are never followed, so nothing but this engine is ever spoken to. */
export type EngineHttp = {
  /** One JSON answer, bounded in size and time. Throws `engine_down`, `engine_slow`, `engine_malformed`, and refusals. */
  json(method: 'GET' | 'POST', path: string, body?: unknown, options?: AskOptions): Promise<Json>
  /** A streamed answer. Throws like `json`. */
  stream(path: string, body: unknown, signal: AbortSignal): Promise<EngineStream>
  close(): Promise<void>
}

export type AskOptions = { maxBytes?: number; timeoutMs?: number; signal?: AbortSignal }

export type EngineStream = {
  /** The bytes of the next read, or nothing at the end. */
  next(): Promise<Uint8Array | undefined>
  /** Ends the request: what the engine still does for it is over. */
  destroy(reason: Error): void
}

const MAX_ANSWER = 4 << 20
const MAX_ERROR = 16_384

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
    maxHeaderSize: 16_384,
  })
  const headers = {
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    ...(options.apiKey ? { authorization: `Bearer ${options.apiKey}` } : {}),
  }
  async function send(method: 'GET' | 'POST', path: string, body: unknown, signal: AbortSignal) {
    try {
      const sent = body === undefined ? {} : { body: JSON.stringify(body) }
      const response = await pool.request({ method, path: address.path + path, headers, signal, ...sent })
      if (response.statusCode === 200) return response.body
      const text = await readAll(response.body, MAX_ERROR).catch(() => '')
      throw refusal(response.statusCode, text)
    } catch (error) {
      throw asEngineError(error, signal)
    }
  }
  return {
    async json(method, path, body, { maxBytes = MAX_ANSWER, timeoutMs = options.askMs, signal } = {}) {
      const late = AbortSignal.timeout(timeoutMs)
      const either = signal ? AbortSignal.any([signal, late]) : late
      try {
        const stream = await send(method, path, body, either)
        return parseObject(await readAll(stream, maxBytes))
      } catch (error) {
        if (late.aborted) throw new HeddleError('engine_slow', `no answer from ${path} in ${timeoutMs} ms`)
        throw asEngineError(error, either)
      }
    },
    async stream(path, body, signal) {
      const stream = await send('POST', path, body, signal)
      stream.on('error', () => undefined)
      const reads = stream[Symbol.asyncIterator]()
      return {
        async next() {
          try {
            const { value, done } = await reads.next()
            return done ? undefined : (value as Uint8Array)
          } catch (error) {
            throw asEngineError(error, signal)
          }
        },
        destroy: reason => void stream.destroy(reason),
      }
    },
    close: () => pool.destroy(),
  }
}

async function readAll(stream: AsyncIterable<unknown>, most: number): Promise<string> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of stream) {
    length += (piece as Uint8Array).length
    if (length > most) throw new HeddleError('engine_malformed', `the engine's answer is above ${most} bytes`)
    pieces.push(piece as Uint8Array)
  }
  return Buffer.concat(pieces).toString('utf8')
}

function asEngineError(error: unknown, signal: AbortSignal): HeddleError {
  if (error instanceof HeddleError) return error
  if (signal.aborted && signal.reason instanceof HeddleError) return signal.reason
  if (signal.aborted) return new HeddleError('aborted')
  return new HeddleError('engine_down', `the engine: ${(error as Error).message}`, { cause: error })
}

const TOO_LONG = /context|too long|exceeds? the (limit|available)|maximum.{0,20}(length|tokens)/i

/** What a status other than 200 means. The engine's own words stay in the cause: they may name paths of this machine. */
function refusal(status: number, text: string): HeddleError {
  const cause = { status, said: text.slice(0, 500) }
  if (status === 429 || status === 503) return new HeddleError('busy', 'the engine is busy', { cause })
  if (status === 404) return new HeddleError('model_withdrawn', 'the engine does not have the model', { cause })
  const asked = status === 400 || status === 413 || status === 422
  if (asked && TOO_LONG.test(messageOf(text)))
    return new HeddleError('context_exceeded', 'the engine says that the prompt is too long', { cause })
  if (asked) return new HeddleError('bad_request', 'the engine refuses this request', { cause })
  return new HeddleError('engine_down', `the engine answers ${status}`, { cause })
}

function messageOf(text: string): string {
  try {
    const { error } = parseObject(text)
    if (isObject(error)) return `${error['message']} ${error['type']}`
    return typeof error === 'string' ? error : text
  } catch {
    return text
  }
}
