import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { createInflateRaw } from 'node:zlib'
import { HeddleError } from '@heddle/protocol'

/** One member of a zip file, as its central directory describes it. */
export type ZipMember = { name: string; method: number; compressed: number; bytes: number; offset: number }

const END = 0x06054b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
const END_BYTES = 22
const CENTRAL_BYTES = 46
const LOCAL_BYTES = 30
const MAX_COMMENT = 65_535
const MAX_DIRECTORY = 16 << 20
const STORED = 0
const DEFLATED = 8

const malformed = (detail: string): HeddleError => new HeddleError('model_digest', `not a readable zip: ${detail}`)

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position)
  if (bytesRead !== length) throw malformed('it ends early')
  return buffer
}

/** The members of a zip file. Throws `model_digest` for what is not one (or is above 4 GiB, zip64). */
async function readZipDirectory(file: FileHandle): Promise<ZipMember[]> {
  const { size } = await file.stat()
  const tail = await read(file, Math.max(0, size - END_BYTES - MAX_COMMENT), Math.min(size, END_BYTES + MAX_COMMENT))
  let end = tail.length - END_BYTES
  while (end >= 0 && tail.readUInt32LE(end) !== END) end--
  if (end < 0) throw malformed('no central directory')
  const length = tail.readUInt32LE(end + 12)
  const start = tail.readUInt32LE(end + 16)
  if (length > MAX_DIRECTORY || start + length > size) throw malformed('its directory lies outside')
  const directory = await read(file, start, length)
  const members: ZipMember[] = []
  for (let at = 0; at + CENTRAL_BYTES <= length && directory.readUInt32LE(at) === CENTRAL; ) {
    const nameBytes = directory.readUInt16LE(at + 28)
    members.push({
      name: directory.toString('utf8', at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameBytes),
      method: directory.readUInt16LE(at + 10),
      compressed: directory.readUInt32LE(at + 20),
      bytes: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    })
    at += CENTRAL_BYTES + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return members
}

/**
 * Streams one member out of a zip file, inflated. Throws `model_digest` when there is none of that name, and ends
 * early rather than give more bytes than the directory promised.
 */
export async function readZipMember(path: string, name: string): Promise<{ bytes: number; stream: Readable }> {
  const file = await open(path)
  try {
    const member = (await readZipDirectory(file)).find(it => it.name === name)
    if (!member) throw malformed(`no member ${name}`)
    const head = await read(file, member.offset, LOCAL_BYTES)
    if (head.readUInt32LE(0) !== LOCAL) throw malformed('a member is not where the directory says')
    const start = member.offset + LOCAL_BYTES + head.readUInt16LE(26) + head.readUInt16LE(28)
    return { bytes: member.bytes, stream: Readable.from(inflated(path, member, start)) }
  } finally {
    await file.close()
  }
}

async function* inflated(path: string, { method, compressed, bytes }: ZipMember, start: number) {
  if (compressed === 0) return
  const raw = createReadStream(path, { start, end: start + compressed - 1, highWaterMark: 1 << 18 })
  if (method !== STORED && method !== DEFLATED) throw malformed(`compression method ${method}`)
  const pieces = method === STORED ? raw : raw.pipe(createInflateRaw())
  if (pieces !== raw) raw.on('error', error => pieces.destroy(error))
  let given = 0
  for await (const piece of pieces) {
    given += (piece as Buffer).length
    if (given > bytes) throw malformed('a member is longer than the directory says')
    yield piece as Buffer
  }
}
