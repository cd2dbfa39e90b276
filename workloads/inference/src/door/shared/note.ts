import type { Settlement } from '@heddle/protocol'

/** What the network adds to an API's shapes: enough to find, and to check, the receipt. */
export type HeddleNote = {
  receipt: string
  /** Base units. */
  charge: string
  provider: string
  /** Labels that were accepted and go nowhere, such as `user`: nothing is dropped without a word. */
  unused?: readonly string[]
}

export const noteOf = ({ receipt, charge, provider }: Settlement, unused: readonly string[] = []): HeddleNote => ({
  receipt,
  charge: charge.toString(),
  provider,
  ...(unused.length > 0 && { unused }),
})

/** The names of the fields that a request sets and nobody is told about. */
export const unusedOf = (fields: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(fields).filter(name => fields[name] != null)

/** The header of an answer whose receipt is known. */
export const receiptHeader = ({ receipt }: { receipt: string }): Record<string, string> => ({
  'x-heddle-receipt': receipt,
})
