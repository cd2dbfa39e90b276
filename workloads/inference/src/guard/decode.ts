import { decode as decodeJpeg } from 'jpeg-js'
import { PNG } from 'pngjs'
import { checkJpeg } from './jpeg.ts'
import { minimalPng, type Size } from './png.ts'

/** Most pixels of one image: the largest picture of a phone fits. */
const MAX_PIXELS = 16_777_216
const MAX_SIDE = 8_192
const MEMORY_MB = 256

export type Media = 'image/png' | 'image/jpeg'

function checkSize({ width, height }: Size): void {
  if (width < 1 || height < 1) throw new Error('has no pixels')
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS)
    throw new Error(`is larger than ${MAX_SIDE} pixels on a side, or ${MAX_PIXELS} together`)
}

/**
 * Decodes an image to its last pixel and writes it again as a plain PNG file, so that what an engine's own decoder
 * gets was written here. Throws an Error that says what is wrong with it.
 */
export function rewriteImage(file: Buffer, media: Media): Buffer {
  const { width, height, data } = media === 'image/png' ? readPng(file) : readJpeg(file)
  const image = new PNG({ width, height })
  image.data = data
  return PNG.sync.write(image, {
    colorType: hasAlpha(data) ? 6 : 2,
    inputHasAlpha: true,
    filterType: 0,
    deflateLevel: 1,
  })
}

type Pixels = Size & { data: Buffer }

const readPng = (file: Buffer): Pixels => PNG.sync.read(minimalPng(file, checkSize))

function readJpeg(file: Buffer): Pixels {
  checkJpeg(file, checkSize)
  const { width, height, data } = decodeJpeg(file, {
    useTArray: true,
    formatAsRGBA: true,
    tolerantDecoding: false,
    maxResolutionInMP: MAX_PIXELS / 1e6,
    maxMemoryUsageInMB: MEMORY_MB,
  })
  checkSize({ width, height })
  return { width, height, data: Buffer.from(data.buffer, data.byteOffset, data.byteLength) }
}

function hasAlpha(data: Buffer): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return true
  return false
}
