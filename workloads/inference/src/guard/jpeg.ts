import type { Size } from './png.ts'

const MAX_SCANS = 64
const START_OF_FRAME = new Set([0xc0, 0xc1, 0xc2])
/** Frames that no decoder here reads: lossless, hierarchical, arithmetic. */
const OTHER_FRAMES = new Set([0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf])
const START_OF_SCAN = 0xda
const END = 0xd9

/**
 * Walks through the segments of a JPEG file before anything of it is decoded: one frame, a size that `check` passes,
 * and few scans, each of which costs a pass over all pixels. Throws an Error that says what is wrong.
 */
export function checkJpeg(file: Buffer, check: (size: Size) => void): void {
  if (file.length < 4 || file.readUInt16BE(0) !== 0xffd8) throw new Error('is no JPEG file')
  let frames = 0
  let scans = 0
  for (let at = 2; at < file.length; ) {
    if (file[at] !== 0xff) {
      // Between a scan's header and the next marker lie its pixels.
      const next = scans > 0 ? file.indexOf(0xff, at) : -1
      if (next < 0) throw new Error('has bytes where none belong')
      at = next
      continue
    }
    const marker = file[at + 1]
    if (marker === undefined) throw new Error('is cut off')
    if (marker === END) {
      if (frames !== 1 || scans === 0) throw new Error('has no picture')
      return
    }
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (marker === 0 || (marker >= 0xd0 && marker <= 0xd7)) {
      if (scans === 0) throw new Error('has pixels before its header')
      at += 2
      continue
    }
    if (OTHER_FRAMES.has(marker)) throw new Error('is packed in a way that is not read here')
    if (at + 4 > file.length) throw new Error('is cut off')
    const length = file.readUInt16BE(at + 2)
    if (length < 2 || at + 2 + length > file.length) throw new Error('has a part that is longer than the file')
    if (START_OF_FRAME.has(marker)) {
      if (++frames > 1 || length < 8) throw new Error('has two pictures, or a wrong header')
      check({ height: file.readUInt16BE(at + 5), width: file.readUInt16BE(at + 7) })
    }
    if (marker === START_OF_SCAN && (frames === 0 || ++scans > MAX_SCANS))
      throw new Error('has too many passes, or one before its header')
    at += 2 + length
  }
  throw new Error('has no end')
}
