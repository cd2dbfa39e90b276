import { type FileHandle, open, rm } from 'node:fs/promises'
import { HeddleError, isHeddleError } from '@heddle/protocol'

export type DownloadOptions = {
  url: string
  headers?: Readonly<Record<string, string>>
  /** Where the bytes gather; what lies there from an earlier try is continued. */
  part: string
  /** Bytes of the whole file; not one more is written. */
  bytes: number
  /** Hears the bytes that are there so far. */
  onBytes(bytes: number): void
  signal?: AbortSignal
  /** Milliseconds until a source that does not answer is given up, and between any two pieces after that. */
  connectMs?: number
  stallMs?: number
}

const CONNECT_MS = 5_000
const STALL_MS = 20_000

/**
 * Fetches a file into `part`, continuing where an earlier try ended. What it holds afterwards is for the caller to
 * verify. Throws `model_unavailable` for a source that fails, `model_digest` for one that sends too much,
 * `disk_full`, `aborted`. Returns true when it continued an earlier try.
 */
export async function download(options: DownloadOptions): Promise<boolean> {
  const { part, bytes, signal } = options
  const file = await open(part, 'a').catch(asStorageError)
  try {
    let { size } = await file.stat()
    if (size > bytes) {
      await file.truncate(0)
      size = 0
    }
    if (size === bytes) return true
    return await fetchInto(file, size, options)
  } catch (error) {
    const { size } = await file.stat()
    if (size === 0 || isHeddleError(error, 'model_digest')) await rm(part, { force: true })
    if (signal?.aborted) throw new HeddleError('aborted')
    throw isHeddleError(error) ? error : new HeddleError('model_unavailable', reasonOf(error), { cause: error })
  } finally {
    await file.close()
  }
}

async function fetchInto(file: FileHandle, start: number, options: DownloadOptions): Promise<boolean> {
  const { url, headers, bytes, onBytes, signal, connectMs = CONNECT_MS, stallMs = STALL_MS } = options
  const patience = startPatience(signal)
  try {
    patience.allow(connectMs, 'no answer')
    const range = start > 0 ? { range: `bytes=${start}-` } : undefined
    const response = await fetch(url, { signal: patience.signal, headers: { ...headers, ...range } })
    const resumed = response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${start}-`)
    if (!resumed && response.status !== 200) {
      await response.body?.cancel()
      throw new HeddleError('model_unavailable', `HTTP status ${response.status}`)
    }
    if (!resumed) await file.truncate(0)
    let there = resumed ? start : 0
    for await (const piece of response.body ?? []) {
      patience.allow(stallMs, 'it stopped sending')
      if (there + piece.length > bytes) throw new HeddleError('model_digest', `more than ${bytes} bytes came`)
      await file.appendFile(piece).catch(asStorageError)
      there += piece.length
      onBytes(there)
    }
    if (there < bytes) throw new HeddleError('model_unavailable', `it ended after ${there} of ${bytes} bytes`)
    return resumed === true
  } finally {
    patience.end()
  }
}

/** A small page as text. Throws like {@link download}. */
export async function fetchText(
  url: string,
  headers: Readonly<Record<string, string>>,
  { signal, connectMs = CONNECT_MS }: Pick<DownloadOptions, 'signal' | 'connectMs'>,
): Promise<{ text: string; contentType: string; url: string }> {
  const patience = startPatience(signal)
  try {
    patience.allow(connectMs, 'no answer')
    const response = await fetch(url, { signal: patience.signal, headers })
    const text = await response.text()
    if (!response.ok) throw new HeddleError('model_unavailable', `HTTP status ${response.status}`)
    return { text, contentType: response.headers.get('content-type') ?? '', url: response.url }
  } catch (error) {
    if (signal?.aborted) throw new HeddleError('aborted')
    throw isHeddleError(error) ? error : new HeddleError('model_unavailable', reasonOf(error), { cause: error })
  } finally {
    patience.end()
  }
}

/** A signal that also aborts when nothing happened for as long as was allowed. */
function startPatience(outer?: AbortSignal) {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  return {
    signal: outer ? AbortSignal.any([outer, controller.signal]) : controller.signal,
    allow(ms: number, why: string) {
      clearTimeout(timer)
      timer = setTimeout(() => controller.abort(new Error(`${why} for ${ms} ms`)), ms)
    },
    end: () => clearTimeout(timer),
  }
}

/** Throws `disk_full` for a full disk or quota, else what it was given. */
export function asStorageError(error: unknown): never {
  const { code } = error as { code?: string }
  if (code === 'ENOSPC' || code === 'EDQUOT')
    throw new HeddleError('disk_full', 'no space for the model', { cause: error })
  throw error
}

/** The innermost reason: fetch hides it behind "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause
  return inner instanceof Error ? reasonOf(inner) : error.message
}
