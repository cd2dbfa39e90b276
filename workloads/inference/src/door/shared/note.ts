import type { Settlement } from '@heddle/protocol'

/** What the network adds to an API's shapes: enough to find, and to check, the receipt. */
export type HeddleNote = {
  receipt: string
  /** Base units. */
  charge: string
  provider: string
  /** What was sent and had no effect, by the client's own paths: nothing is dropped without a word. */
  unused?: readonly string[]
  /** What of its schemas the answer does not keep, by the client's own paths: its engine did not hold it to them. */
  unmet?: readonly string[]
}

/** What a note says of a question and its answer, beside their price. */
export type Told = { unused: readonly string[]; unmet: readonly string[] }

/** Paths that are named, at most; a last one says how many more there are. */
const MOST_NAMED = 64
/** Characters of one path. */
const MOST_PATH = 200

export const noteOf = (
  { receipt, charge, provider }: Settlement,
  { unused = [], unmet = [] }: Partial<Told> = {},
): HeddleNote => ({
  receipt,
  charge: charge.toString(),
  provider,
  ...(unused.length > 0 && { unused: named(unused) }),
  ...(unmet.length > 0 && { unmet: named(unmet) }),
})

function named(unused: readonly string[]): string[] {
  const first = unused.slice(0, MOST_NAMED).map(path => path.slice(0, MOST_PATH))
  const more = unused.length - first.length
  return more > 0 ? [...first, `… and ${more} more`] : first
}

/** The header of an answer whose receipt is known. */
export const receiptHeader = ({ receipt }: { receipt: string }): Record<string, string> => ({
  'x-heddle-receipt': receipt,
})

/** Characters of the header: what proxies let through without a thought. */
const MOST_HEADER = 2_000

/** The header that names what was passed over: before a stream's first word, and where a body has no place for it. */
export const unusedHeader = (unused: readonly string[]): Record<string, string> => pathsHeader('heddle-unused', unused)

/** The header that names what an answer does not keep, where it is whole before its head is written. */
export const unmetHeader = (unmet: readonly string[]): Record<string, string> => pathsHeader('heddle-unmet', unmet)

function pathsHeader(name: string, list: readonly string[]): Record<string, string> {
  if (list.length === 0) return {}
  // A path is the client's own text: what could end a header, or stand for two paths, is written as a URL would.
  const paths = named(list).map(path => path.toWellFormed().replace(/[^\x21-\x2b\x2d-\x7e]/gu, encodeURIComponent))
  let text = ''
  for (const path of paths) {
    const longer = text === '' ? path : `${text}, ${path}`
    if (longer.length > MOST_HEADER) break
    text = longer
  }
  return { [name]: text }
}
