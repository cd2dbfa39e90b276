import type { IncomingMessage } from 'node:http'
import { fromUtf8, HeddleError, measureJson, parseOrdered } from '@heddle/protocol'
import { packingOf, unpackBody } from './packed.ts'

/** Bytes unpacked, objects and lists within each other, and names of members in all of them. */
export type BodyLimits = { bytes: number; depth: number; names: number }

/** 500 tools of 100 described properties have 155,000 names. */
export const USUAL_BODY_LIMITS: BodyLimits = { bytes: 8 << 20, depth: 32, names: 250_000 }

/**
 * Reads a body up to a limit, unpacked. Throws `body_too_large` as soon as it is known to be, `encoding_unsupported`,
 * `aborted` when it breaks off.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  const unpack = packingOf(request.headers['content-encoding'])
  const bytes = await readBytes(request, limit)
  return unpack ? unpackBody(bytes, unpack, limit) : bytes
}

function readBytes(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const tooLarge = (): void => {
      request.off('data', keep)
      request.pause()
      reject(new HeddleError('body_too_large', `the limit is ${limit} bytes`))
    }
    const chunks: Buffer[] = []
    let length = 0
    const keep = (chunk: Buffer): void => {
      length += chunk.length
      if (length > limit) tooLarge()
      else chunks.push(chunk)
    }
    if (Number(request.headers['content-length'] ?? 0) > limit) return tooLarge()
    request.on('data', keep)
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
    request.on('error', cause => reject(new HeddleError('aborted', cause.message, { cause })))
    request.on('aborted', () => reject(new HeddleError('aborted', 'the request broke off')))
  })
}

/** Bytes as JSON, whose members keep their order. Throws `bad_json` (also for bytes that are not UTF-8), `nesting_too_deep`, `body_too_large`. */
export function parseJson(bytes: Uint8Array, depth: number, names = USUAL_BODY_LIMITS.names): unknown {
  const text = fromUtf8(bytes).replace(/^\ufeff/, '')
  const measured = measureJson(text)
  if (measured.depth > depth) throw new HeddleError('nesting_too_deep', `the limit is ${depth} levels`)
  if (measured.names > names) throw new HeddleError('body_too_large', `the limit is ${names} names of members`)
  try {
    return parseOrdered(text)
  } catch (cause) {
    throw new HeddleError('bad_json', (cause as Error).message, { cause })
  }
}
