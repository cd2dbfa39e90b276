import { inflateSync } from 'node:zlib'

/** Reads the structure of a PNG file without believing any of its numbers. Only what is needed to draw it is kept. */

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
 * The file again, with nothing in it but header, palette, transparency and pixels. The pixels are unpacked once, with
 * a bound, and must come out exactly as long as the header says. Throws an Error that says what is wrong.
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
    if (['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'].includes(type)) kept.push(file.subarray(at, end))
    at = end
  }
  if (!header || !ended || packed.length === 0) throw new Error('has no pixels, or no end')
  const expected = rawLength(header)
  const raw = inflateSync(Buffer.concat(packed), { maxOutputLength: expected + 1 })
  if (raw.length !== expected) throw new Error('has fewer or more pixels than it says')
  return Buffer.concat(kept)
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
