import { promisify } from 'node:util'
import {
  brotliDecompress,
  gunzip,
  type InputType,
  inflate,
  inflateRaw,
  type ZlibOptions,
  zstdDecompress,
} from 'node:zlib'
import { HeddleError } from '@heddle/protocol'

type Unpack = (bytes: InputType, options: ZlibOptions) => Promise<Uint8Array>

const gzip = promisify(gunzip) as Unpack
const zlib = promisify(inflate) as Unpack
const raw = promisify(inflateRaw) as Unpack
const brotli = promisify(brotliDecompress) as Unpack
const zstd = promisify(zstdDecompress) as Unpack

/** `deflate` is zlib's form in the specification, and the bare one with some who send it. */
const deflate: Unpack = (bytes, options) => {
  const [first = 0, second = 0] = bytes as Uint8Array
  const isZlib = (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0
  return (isZlib ? zlib : raw)(bytes, options)
}

const UNPACK: Readonly<Record<string, Unpack>> = { gzip, 'x-gzip': gzip, deflate, br: brotli, zstd }

/** What a body may be packed with, as `accept-encoding` names it in the answer that refuses another. */
export const ENCODINGS = 'gzip, deflate, br, zstd'

/**
 * How a body is packed, by its `content-encoding`: nothing where it is not. Throws `encoding_unsupported` for what is
 * not understood, and for packings in packings, which only bombs need.
 */
export function packingOf(header: string | undefined): Unpack | undefined {
  const name = (header ?? '').trim().toLowerCase()
  if (name === '' || name === 'identity') return undefined
  const unpack = Object.hasOwn(UNPACK, name) ? UNPACK[name] : undefined
  if (unpack) return unpack
  throw new HeddleError('encoding_unsupported', `content-encoding: "${name.slice(0, 50)}" is none of ${ENCODINGS}`)
}

/** Unpacks a body, up to a limit of bytes. Throws `body_too_large` as soon as it is more, `bad_request` for what is broken. */
export async function unpackBody(bytes: Uint8Array, unpack: Unpack, limit: number): Promise<Uint8Array> {
  try {
    return await unpack(bytes, { maxOutputLength: Math.max(1, limit) })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new HeddleError('body_too_large', `the limit is ${limit} bytes, unpacked`, { cause })
    throw new HeddleError('bad_request', 'content-encoding: the body is not packed so', { cause })
  }
}
