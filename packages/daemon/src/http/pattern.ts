/** Matches a path and gives its named parts, or nothing. */
export type Pattern = (path: string) => Record<string, string> | undefined

/**
 * Compiles a path with `:name` parts; a part never holds a slash, except that of `:name*`, which is all the rest.
 *
 * @example
 * ```ts
 * import { compile } from '@heddle/daemon'
 * compile('/receipts/:id')('/receipts/0xab') // { id: '0xab' }
 * ```
 */
export function compile(path: string): Pattern {
  const names: string[] = []
  const source = path
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:([a-zA-Z]+)(\\\*)?/g, (_, name: string, rest?: string) => {
      names.push(name)
      return rest ? '(.+)' : '([^/]+)'
    })
  const expression = new RegExp(`^${source}$`)
  return candidate => {
    const match = expression.exec(candidate)
    if (!match) return undefined
    const params: Record<string, string> = {}
    for (const [i, name] of names.entries()) {
      try {
        params[name] = decodeURIComponent(match[i + 1]!)
      } catch {
        return undefined
      }
    }
    return params
  }
}
