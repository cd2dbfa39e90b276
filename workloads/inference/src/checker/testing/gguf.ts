import { readFileSync } from 'node:fs'

/** What tests and benches write of weights: enough of GGUF (version 3) to give a file's tensors other contents. */

/** Kinds of tensors that are written, with ggml's numbers. */
export const KINDS = { F32: 0, F16: 1, Q4_0: 2, Q4_1: 3, Q8_0: 8 } as const
export type Kind = keyof typeof KINDS
const BLOCK = 32
const ALIGNMENT = 32
const KIND_OF: ReadonlyMap<number, Kind> = new Map(
  Object.entries(KINDS).map(([kind, number]) => [number, kind as Kind]),
)

const BLOCK_BYTES = { Q4_0: 18, Q4_1: 20, Q8_0: 34 } as const

/** Bytes of so many values. */
export const bytesOf = (kind: Kind, values: number): number =>
  kind === 'F32' ? 4 * values : kind === 'F16' ? 2 * values : (values / BLOCK) * BLOCK_BYTES[kind]

export type Tensor = { name: string; shape: number[]; kind: Kind; values: Float32Array }
export type Weights = { metadata: Uint8Array; count: number; tensors: Tensor[] }

/** Reads a file whose tensors are F32, F16, Q4_0, Q4_1 or Q8_0. */
export function readGguf(path: string): Weights {
  const file = readFileSync(path)
  let at = 0
  const take = (bytes: number): number => {
    at += bytes
    return at - bytes
  }
  const u32 = () => file.readUInt32LE(take(4))
  const u64 = () => Number(file.readBigUInt64LE(take(8)))
  const text = () => {
    const length = u64()
    const from = take(length)
    return file.toString('utf8', from, at)
  }
  if (file.toString('latin1', 0, 4) !== 'GGUF') throw new Error('not a GGUF file')
  at = 4
  if (u32() !== 3) throw new Error('not version 3')
  const tensorCount = u64()
  const count = u64()
  const start = at
  const sizes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8]
  const skip = (type: number): void => {
    if (type === 8) text()
    else if (type === 9) {
      const inner = u32()
      for (let left = u64(); left > 0; left--) skip(inner)
    } else at += sizes[type]!
  }
  for (let i = 0; i < count; i++) {
    text()
    skip(u32())
  }
  const metadata = file.subarray(start, at)
  const infos = Array.from({ length: tensorCount }, () => {
    const name = text()
    const shape = Array.from({ length: u32() }, u64)
    const kind = KIND_OF.get(u32())
    if (!kind) throw new Error(`${name} is of another kind`)
    return { name, shape, kind, offset: u64() }
  })
  const data = Math.ceil(at / ALIGNMENT) * ALIGNMENT
  const tensors = infos.map(({ offset, ...info }) => {
    const values = info.shape.reduce((product, one) => product * one, 1)
    const bytes = file.subarray(data + offset, data + offset + bytesOf(info.kind, values))
    return { ...info, values: decode(info.kind, bytes, values) }
  })
  return { metadata, count, tensors }
}

/** The bytes of a file with these tensors. */
export function writeGguf({ metadata, count, tensors }: Weights): Buffer {
  const head = Buffer.alloc(24)
  head.write('GGUF', 'latin1')
  head.writeUInt32LE(3, 4)
  head.writeBigUInt64LE(BigInt(tensors.length), 8)
  head.writeBigUInt64LE(BigInt(count), 16)
  const infos: Buffer[] = []
  const data: Buffer[] = []
  let offset = 0
  for (const { name, shape, kind, values } of tensors) {
    const info = Buffer.alloc(8 + Buffer.byteLength(name) + 4 + 8 * shape.length + 4 + 8)
    info.writeBigUInt64LE(BigInt(Buffer.byteLength(name)))
    let at = 8 + info.write(name, 8)
    at = info.writeUInt32LE(shape.length, at)
    for (const size of shape) at = info.writeBigUInt64LE(BigInt(size), at)
    at = info.writeUInt32LE(KINDS[kind], at)
    info.writeBigUInt64LE(BigInt(offset), at)
    infos.push(info)
    const bytes = encode(kind, values)
    data.push(bytes, Buffer.alloc(-bytes.length & (ALIGNMENT - 1)))
    offset += bytes.length + (-bytes.length & (ALIGNMENT - 1))
  }
  const front = Buffer.concat([head, metadata, ...infos])
  return Buffer.concat([front, Buffer.alloc(-front.length & (ALIGNMENT - 1)), ...data])
}

/** The same weights with every matrix in another kind; vectors, and rows that no blocks fill, stay as they are. */
export const quantized = (weights: Weights, kind: Kind): Weights => ({
  ...weights,
  tensors: weights.tensors.map(tensor =>
    tensor.shape.length < 2 || (tensor.shape[0]! % BLOCK !== 0 && kind.startsWith('Q')) ? tensor : { ...tensor, kind },
  ),
})

/** The same model with its last block left out: a smaller one of the same family, with the same tokens. */
export function pruned(weights: Weights): Weights {
  const blocks = new Set(weights.tensors.flatMap(({ name }) => /^blk\.(\d+)\./.exec(name)?.[1] ?? []).map(Number))
  const last = blocks.size - 1
  const metadata = Buffer.from(weights.metadata)
  const key = '.block_count'
  // The name, the type of its value (4: an unsigned word), the value.
  const at = metadata.indexOf(key, 0, 'latin1') + key.length
  if (at < key.length || metadata.readUInt32LE(at) !== 4 || metadata.readUInt32LE(at + 4) !== blocks.size)
    throw new Error('the metadata does not count the blocks')
  metadata.writeUInt32LE(last, at + 4)
  return { ...weights, metadata, tensors: weights.tensors.filter(({ name }) => !name.startsWith(`blk.${last}.`)) }
}

/** The same weights with some tensors multiplied: what an editor of weights does at its smallest. */
export const edited = (weights: Weights, names: readonly string[], factor: number): Weights => {
  const missing = names.find(name => !weights.tensors.some(tensor => tensor.name === name))
  if (missing) throw new Error(`no tensor ${missing}`)
  return {
    ...weights,
    tensors: weights.tensors.map(tensor =>
      names.includes(tensor.name) ? { ...tensor, values: tensor.values.map(value => value * factor) } : tensor,
    ),
  }
}

/**
 * Q8_0: a half-precision scale and 32 signed bytes. Q4_0: a scale and 32 nibbles, the first half in the low ones. Q4_1:
 * the least value stands beside the scale.
 */
function decode(kind: Kind, bytes: Buffer, count: number): Float32Array {
  const values = new Float32Array(count)
  if (kind === 'F32') for (let i = 0; i < count; i++) values[i] = bytes.readFloatLE(4 * i)
  else if (kind === 'F16') for (let i = 0; i < count; i++) values[i] = fromHalf(bytes.readUInt16LE(2 * i))
  else {
    const size = bytesOf(kind, BLOCK)
    for (let block = 0; block < count / BLOCK; block++) {
      const at = block * size
      const scale = fromHalf(bytes.readUInt16LE(at))
      const least = kind === 'Q4_1' ? fromHalf(bytes.readUInt16LE(at + 2)) : 0
      for (let i = 0; i < BLOCK; i++) {
        const nibble = (first: number): number => (bytes[at + first + (i % 16)]! >> (i < 16 ? 0 : 4)) & 15
        const level = kind === 'Q8_0' ? bytes.readInt8(at + 2 + i) : kind === 'Q4_0' ? nibble(2) - 8 : nibble(4)
        values[block * BLOCK + i] = least + scale * level
      }
    }
  }
  return values
}

function encode(kind: Kind, values: Float32Array): Buffer {
  const bytes = Buffer.alloc(bytesOf(kind, values.length))
  if (kind === 'F32') for (const [i, value] of values.entries()) bytes.writeFloatLE(value, 4 * i)
  else if (kind === 'F16') for (const [i, value] of values.entries()) bytes.writeUInt16LE(toHalf(value), 2 * i)
  else {
    const size = bytesOf(kind, BLOCK)
    for (let block = 0; block < values.length / BLOCK; block++) {
      const part = values.subarray(block * BLOCK, (block + 1) * BLOCK)
      const into = bytes.subarray(block * size, (block + 1) * size)
      if (kind === 'Q4_1') encodeFromLeast(part, into)
      else encodeBlock(kind, part, into)
    }
  }
  return bytes
}

function encodeBlock(kind: 'Q8_0' | 'Q4_0', values: Float32Array, into: Buffer): void {
  let largest = 0
  for (const value of values) if (Math.abs(value) > Math.abs(largest)) largest = value
  // As ggml does: Q8_0 is symmetric, Q4_0 puts the largest value at −8.
  const scale = kind === 'Q8_0' ? Math.abs(largest) / 127 : largest / -8
  into.writeUInt16LE(toHalf(scale))
  const level = (i: number): number => (scale === 0 ? 0 : values[i]! / scale)
  if (kind === 'Q8_0') for (let i = 0; i < BLOCK; i++) into.writeInt8(Math.round(level(i)), 2 + i)
  else
    for (let i = 0; i < 16; i++) {
      const nibble = (at: number): number => Math.min(15, Math.floor(level(at) + 8.5))
      into[2 + i] = nibble(i) | (nibble(i + 16) << 4)
    }
}

function encodeFromLeast(values: Float32Array, into: Buffer): void {
  const least = Math.min(...values)
  const scale = (Math.max(...values) - least) / 15
  into.writeUInt16LE(toHalf(scale))
  into.writeUInt16LE(toHalf(least), 2)
  const nibble = (i: number): number => (scale === 0 ? 0 : Math.min(15, Math.floor((values[i]! - least) / scale + 0.5)))
  for (let i = 0; i < 16; i++) into[4 + i] = nibble(i) | (nibble(i + 16) << 4)
}

/** IEEE 754 half precision. */
function fromHalf(half: number): number {
  const exponent = (half >> 10) & 31
  const fraction = half & 1_023
  const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1_024) * 2 ** (exponent - 15)
  return half & 0x8000 ? -size : size
}

/** To the nearest half, ties to even; what is too large becomes the largest. */
function toHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const size = Math.min(Math.abs(value), 65_504)
  const exponent = Math.max(-14, Math.floor(Math.log2(size || 2 ** -24)))
  const steps = size / 2 ** (exponent - 10)
  const rest = steps - Math.floor(steps)
  const whole = Math.floor(steps) + (rest > 0.5 || (rest === 0.5 && Math.floor(steps) % 2 === 1) ? 1 : 0)
  // Below 1,024 steps it is subnormal; at 2,048 the exponent has grown: both fall out of plain addition.
  return sign | (whole + (exponent + 14) * 1_024)
}
