import { crc32, deflateSync, inflateRawSync } from 'node:zlib'

/**
 * Reads the structure of a PNG file without believing any of its numbers. Only what is needed to draw it is kept. Sums that
 * do not add up are no reason to refuse it: engines' own decoders do not look at them, and everything is written anew.
 */

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const MAX_CHUNKS = 4_096
/** Samples a pixel of each colour type. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}

export type Size = { width: number; height: number }

/**
 * The picture as a new file, with nothing in it but header, palette, transparency and pixels. The pixels are unpacked once,
 * with a bound; all that the header speaks of must be there, and what follows them is left out. Throws an Error that says
 * what is wrong.
 */
export function minimalPng(file: Buffer, check: (size: Size) => void): Buffer {
  if (file.length < 57 || !file.subarray(0, 8).equals(SIGNATURE)) throw new Error('is no PNG file')
  const kept: Buffer[] = [SIGNATURE]
  const packed: Buffer[] = []
  let header: Buffer | undefined
  let ended = false
  for (let at = 8, count = 0; at < file.length && !ended; count++) {
    if (count > MAX_CHUNKS || at + 12 > file.length) throw new Error('is cut off')
    const length = file.readUInt32BE(at)
    const end = at + 12 + length
    if (length > file.length || end > file.length) throw new Error('has a part that is longer than the file')
    const type = file.toString('latin1', at + 4, at + 8)
    const data = file.subarray(at + 8, end - 4)
    if (count === 0 && type !== 'IHDR') throw new Error('does not begin with its header')
    if (type === 'IHDR') {
      if (header || length !== 13) throw new Error('has two headers, or a wrong one')
      header = data
      check({ width: data.readUInt32BE(0), height: data.readUInt32BE(4) })
    }
    if (type === 'IDAT') packed.push(data)
    if (type === 'IEND') ended = true
    if (['IHDR', 'PLTE', 'tRNS'].includes(type)) kept.push(chunk(type, data))
    at = end
  }
  if (!header || !ended || packed.length === 0) throw new Error('has no pixels, or no end')
  const pixels = unpack(Buffer.concat(packed), rawLength(header))
  return Buffer.concat([...kept, chunk('IDAT', deflateSync(pixels, { level: 1 })), chunk('IEND', Buffer.alloc(0))])
}

/** What may follow the pixels, at most: more is a bomb. */
const MAX_REST = 65_536

function unpack(packed: Buffer, expected: number): Buffer {
  const method = packed[0] ?? 0
  if ((method & 0x0f) !== 8 || ((packed[1] ?? 0) & 0x20) !== 0) throw new Error('is packed in an unknown way')
  const raw = inflateRawSync(packed.subarray(2), { maxOutputLength: expected + MAX_REST })
  if (raw.length < expected) throw new Error('has fewer pixels than it says')
  return raw.subarray(0, expected)
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const whole = Buffer.alloc(body.length + 8)
  whole.writeUInt32BE(data.length, 0)
  body.copy(whole, 4)
  whole.writeUInt32BE(crc32(body), body.length + 4)
  return whole
}

/** Bytes of the unpacked pixels, a filter's byte for each row: from the header alone. */
function rawLength(header: Buffer): number {
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  const depth = header[8]!
  const channels = CHANNELS[header[9]!]
  if (!channels || !DEPTHS[header[9]!]!.includes(depth)) throw new Error('has a colour format that does not exist')
  if (header[10] !== 0 || header[11] !== 0 || header[12]! > 1) throw new Error('is packed in an unknown way')
  const rows = (columns: number, lines: number): number =>
    columns === 0 || lines === 0 ? 0 : lines * (1 + Math.ceil((columns * channels * depth) / 8))
  if (header[12] === 0) return rows(width, height)
  return PASSES.reduce(
    (sum, [x, y, dx, dy]) => sum + rows(Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)),
    0,
  )
}

/** Adam7: where each pass begins, and its steps. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const
