export type Schema = Record<string, unknown>

export const isSchema = (node: unknown): node is Schema =>
  typeof node === 'object' && node !== null && !Array.isArray(node)

/** What a JSON pointer names within a schema, as in `#/$defs/node`. */
export function resolve(root: unknown, reference: unknown): unknown {
  if (typeof reference !== 'string' || !/^#(\/|$)/.test(reference)) return undefined
  let node = root
  for (const step of reference.split('/').slice(1)) {
    const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined
    node = (node as Schema)[key]
  }
  return node
}

/** Whether no value satisfies both: their types differ, or a property that both require has other constants. */
export function disjoint(a: unknown, b: unknown, follow: (node: unknown) => unknown): boolean {
  if (!isSchema(a) || !isSchema(b)) return false
  const [left, right] = [constants(a), constants(b)]
  if (left && right) return !left.some(one => right.includes(one))
  const [typesA, typesB] = [a, b].map(one => [one['type'] ?? []].flat() as string[]) as [string[], string[]]
  if (typesA.length > 0 && typesB.length > 0 && !typesA.some(type => typesB.some(other => overlap(type, other))))
    return true
  if (typesA.join() !== 'object' || typesB.join() !== 'object') return false
  const shared = [a, b].map(one => (Array.isArray(one['required']) ? one['required'] : [])) as [unknown[], unknown[]]
  return shared[0].some(name => {
    const [x, y] = [a, b].map(one =>
      isSchema(one['properties']) ? follow(one['properties'][String(name)]) : undefined,
    )
    return shared[1].includes(name) && isSchema(x) && isSchema(y) && constants(x) && constants(y)
      ? disjoint(x, y, follow)
      : false
  })
}

const overlap = (a: string, b: string): boolean =>
  a === b || (a === 'integer' && b === 'number') || (a === 'number' && b === 'integer')

/** The values of a constant or an enumeration, as JSON. */
function constants(node: Schema): string[] | undefined {
  if ('const' in node) return [JSON.stringify(node['const'])]
  return Array.isArray(node['enum']) ? node['enum'].map(one => JSON.stringify(one)) : undefined
}
