import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import { isHeddleError } from '@heddle/protocol'
import { encode } from 'jpeg-js'
import { PNG } from 'pngjs'
import { type ChatSpec, type InferenceSpec, inferenceSpecSchema } from '../spec.ts'
import { startImageGuard } from './images.ts'

const chunk = (type: string, data: Buffer, length = data.length): Buffer => {
  const body = Buffer.concat([Buffer.from(type), data])
  const ends = Buffer.alloc(8)
  ends.writeUInt32BE(length, 0)
  ends.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)])
}
const header = (width: number, height: number, depth = 8, color = 2): Buffer => {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(width, 0)
  data.writeUInt32BE(height, 4)
  data.set([depth, color, 0, 0, 0], 8)
  return chunk('IHDR', data)
}
const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')
const END = chunk('IEND', Buffer.alloc(0))
const png = (...chunks: Buffer[]): Buffer => Buffer.concat([SIGNATURE, ...chunks])
const pixels = (bytes: number): Buffer => chunk('IDAT', deflateSync(Buffer.alloc(bytes)))
const good = (): Buffer => png(header(4, 4), pixels(4 * 13), END)
const goodJpeg = (width = 8, height = 8): Buffer =>
  Buffer.from(encode({ width, height, data: Buffer.alloc(width * height * 4, 200) }, 80).data)

const specOf = (file: Buffer, media: 'image/png' | 'image/jpeg'): InferenceSpec =>
  inferenceSpecSchema.parse({
    task: 'chat',
    messages: [
      { role: 'system', content: 'look' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'what is it?' },
          { type: 'image', media, data: file.toString('base64') },
        ],
      },
    ],
    maxCompletion: 9,
    temperature: 0,
    topP: 1,
    stop: [],
  })

const imageIn = (spec: InferenceSpec): { media: string; data: string } => {
  const content = (spec as ChatSpec).messages[1]!.content
  return (content as { media: string; data: string }[])[1]!
}

function setup(t: TestContext, limitMs?: number) {
  const images = startImageGuard(limitMs)
  t.after(() => images.stop())
  return images
}

test('a good image is written anew: the same pixels, none of the same file', async t => {
  const images = setup(t)
  const secret = png(header(4, 4), chunk('tEXt', Buffer.from('Comment\0a secret')), pixels(4 * 13), END)
  for (const [file, media] of [
    [secret, 'image/png'],
    [goodJpeg(), 'image/jpeg'],
  ] as const) {
    const { media: now, data } = imageIn(await images.clean(specOf(file, media)))
    const written = Buffer.from(data, 'base64')
    assert.equal(now, 'image/png')
    assert.ok(!written.includes('secret'))
    const { width, height } = PNG.sync.read(written)
    assert.deepEqual([width, height], media === 'image/png' ? [4, 4] : [8, 8])
  }
})

test('a bomb, a lie or a broken file is refused by the place of the image, before it is unpacked', async t => {
  const images = setup(t)
  const jpegOf = (width: number, height: number): Buffer => {
    const file = goodJpeg()
    const frame = file.indexOf(Buffer.from([0xff, 0xc0]))
    file.writeUInt16BE(height, frame + 5)
    file.writeUInt16BE(width, frame + 7)
    return file
  }
  const bad: [string, Buffer, 'image/png' | 'image/jpeg'][] = [
    ['no image at all', Buffer.from('hello, this is only text that goes on for quite a while'), 'image/png'],
    ['a JPEG that says PNG', goodJpeg(), 'image/png'],
    ['a PNG that says JPEG', good(), 'image/jpeg'],
    ['a billion pixels in a header', png(header(40_000, 40_000), pixels(10), END), 'image/png'],
    ['a size of 2³²−1', png(header(0xffff_ffff, 0xffff_ffff), pixels(10), END), 'image/png'],
    ['no width', png(header(0, 4), pixels(10), END), 'image/png'],
    ['pixels that unpack a thousandfold', png(header(4, 4), pixels(50_000_000), END), 'image/png'],
    ['fewer pixels than it says', png(header(4, 4), pixels(20), END), 'image/png'],
    ['a length beyond the file', png(header(4, 4), chunk('IDAT', Buffer.alloc(9), 0x7fff_ffff), END), 'image/png'],
    ['a colour format that is none', png(header(4, 4, 7, 5), pixels(52), END), 'image/png'],
    ['two headers', png(header(4, 4), header(9_000, 9_000), pixels(52), END), 'image/png'],
    ['no end', png(header(4, 4), pixels(52), chunk('tEXt', Buffer.alloc(20))), 'image/png'],
    ['no palette', png(header(4, 4, 8, 3), pixels(4 * 5), END), 'image/png'],
    ['a JPEG of 65,535 pixels on a side', jpegOf(65_535, 65_535), 'image/jpeg'],
    ['a JPEG without a size', jpegOf(0, 0), 'image/jpeg'],
    ['half a JPEG', goodJpeg().subarray(0, 300), 'image/jpeg'],
    ['a JPEG with a thousand passes', manyScans(), 'image/jpeg'],
  ]
  for (const [what, file, media] of bad) {
    await assert.rejects(
      images.clean(specOf(file, media)),
      error =>
        isHeddleError(error, 'bad_request') &&
        (error.cause as { param: string }).param === 'messages.1.content.1' &&
        error.message.includes('messages.1.content.1'),
      what,
    )
  }
  assert.equal(imageIn(await images.clean(specOf(good(), 'image/png'))).media, 'image/png')
})

test('sums that do not add up, and what follows the pixels, are no reason to refuse a picture: it is written anew', async t => {
  const images = setup(t)
  const whole = imageIn(await images.clean(specOf(good(), 'image/png'))).data
  const summed = Buffer.concat([good().subarray(0, -20), Buffer.alloc(4), good().subarray(-16)])
  assert.equal(imageIn(await images.clean(specOf(summed, 'image/png'))).data, whole)
  const screenshot =
    'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP8z4APMOGVHbHSAEEsAQ9RoGTmAAAAAElFTkSuQmCC'
  assert.equal(imageIn(await images.clean(specOf(Buffer.from(screenshot, 'base64'), 'image/png'))).media, 'image/png')
})

function manyScans(): Buffer {
  const file = goodJpeg()
  const scan = file.indexOf(Buffer.from([0xff, 0xda]))
  const one = file.subarray(scan, -2)
  return Buffer.concat([file.subarray(0, scan), ...Array.from({ length: 1_000 }, () => one), Buffer.from([0xff, 0xd9])])
}

test('an image that takes too long ends its thread, not the daemon; the next one gets a new thread', async t => {
  const large = goodJpeg(1_500, 1_500)
  const hurried = setup(t, 1)
  await assert.rejects(hurried.clean(specOf(large, 'image/jpeg')), error => isHeddleError(error, 'bad_request'))
  const patient = setup(t)
  assert.equal(imageIn(await patient.clean(specOf(good(), 'image/png'))).media, 'image/png')
})
