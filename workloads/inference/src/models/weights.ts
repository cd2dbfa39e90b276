import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Digest, HeddleError } from '@heddle/protocol'

/** What was computed, for which exact file. */
const MEMORY = 'digests.json'
const inProcess: Remembered = {}
const BUFFER_BYTES = 1 << 20

type Remembered = Record<string, { file: string; digest: Digest }>

/** sha256 of a file's bytes, read once through. `signal` ends it early. */
export async function digestOfFile(path: string, signal?: AbortSignal): Promise<Digest> {
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(path, { highWaterMark: BUFFER_BYTES, signal }))
    hash.update(bytes as Buffer)
  return `0x${hash.digest('hex')}`
}

/**
 * sha256 of a weights file: computed from its bytes, then remembered for this size, time and inode:
 * in this process, and in `digests.json` of a folder if one is given, so that a large file is read through once and
 * not at every start.
 */
export async function digestOfWeights(path: string, directory?: string): Promise<Digest> {
  const key = resolve(path)
  const file = await identity(key)
  const known = await remembered(directory)
  if (known[key]?.file === file) return known[key].digest
  const digest = await digestOfFile(key)
  // What was read is what is remembered only if the file did not change meanwhile.
  if ((await identity(key)) === file) await remember(key, { file, digest }, directory)
  return digest
}

/** Throws `model_unavailable` when the file is not there, `model_digest` when it is another one. */
export async function assertWeights(model: { path: string; digest: Digest }, directory?: string): Promise<void> {
  let digest: Digest
  try {
    digest = await digestOfWeights(model.path, directory)
  } catch (cause) {
    throw new HeddleError('model_unavailable', `cannot read ${model.path}`, { cause })
  }
  if (digest !== model.digest) {
    throw new HeddleError('model_digest', `${model.path} has the digest ${digest}, not ${model.digest}`)
  }
}

async function identity(path: string): Promise<string> {
  const { size, mtimeNs, ctimeNs, ino, dev } = await stat(path, { bigint: true })
  return [size, mtimeNs, ctimeNs, ino, dev].join(':')
}

async function remembered(directory: string | undefined): Promise<Remembered> {
  if (directory === undefined) return inProcess
  try {
    return { ...inProcess, ...(JSON.parse(await readFile(join(directory, MEMORY), 'utf8')) as Remembered) }
  } catch {
    return inProcess
  }
}

async function remember(key: string, entry: Remembered[string], directory: string | undefined): Promise<void> {
  inProcess[key] = entry
  if (directory === undefined) return
  const text = JSON.stringify({ ...(await remembered(directory)), [key]: entry }, null, 2)
  await writeFile(join(directory, MEMORY), text).catch(() => {}) // a read-only folder costs time, nothing else
}
