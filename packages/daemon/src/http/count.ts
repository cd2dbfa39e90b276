import { HeddleError } from '@heddle/protocol'

/**
 * A whole number of a query, within its bounds: `unless` where it is not there. Throws `bad_request` with its name, for a
 * number out of its bounds too: one that is bent into them would answer another question than was asked.
 *
 * @example
 * ```ts
 * import { countOf } from '@heddle/daemon'
 * countOf(new URLSearchParams('limit=20'), 'limit', { unless: 50, from: 1, to: 200 }) // 20
 * ```
 */
export function countOf(
  query: URLSearchParams,
  name: string,
  { unless, from = 0, to = Number.MAX_SAFE_INTEGER }: { unless: number; from?: number; to?: number },
): number {
  const text = query.get(name)
  if (text === null) return unless
  const count = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (count >= from && count <= to) return count
  const bounds = to === Number.MAX_SAFE_INTEGER ? `of ${from} or more` : `from ${from} to ${to}`
  throw new HeddleError('bad_request', `${name}: a whole number ${bounds}`)
}
