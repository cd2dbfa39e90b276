/** A cell that a spreadsheet would run as a formula begins so; a tab or a return can hide one. */
const FORMULA = /^[=+\-@\t\r]/

/**
 * Rows as CSV (RFC 4180: CRLF, quotes doubled). Text that a spreadsheet would take for a formula gets an apostrophe in
 * front, which it shows as text.
 *
 * @example
 * ```ts
 * // sketch
 * toCsv(['model', 'tokens'], [['=cmd()', '7']]) // 'model,tokens\r\n\'=cmd(),7\r\n'
 * ```
 */
export const toCsv = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, ...rows].map(cells => `${cells.map(toCell).join(',')}\r\n`).join('')

function toCell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
