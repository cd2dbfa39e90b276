/** A JSON object of a schema that was not read yet. */
export type Raw = Record<string, unknown>

export const isObject = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a JSON pointer (RFC 6901, as the fragment of a URI) names within a schema, as in `#/$defs/node`. */
export function resolve(root: unknown, reference: unknown): unknown {
  if (typeof reference !== 'string' || reference.length > 1_024 || !/^#(\/|$)/.test(reference)) return undefined
  let node = root
  for (const step of reference.split('/').slice(1)) {
    const key = unescaped(step)
    if (key === undefined || typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined
    node = (node as Raw)[key]
  }
  return node
}

function unescaped(step: string): string | undefined {
  try {
    return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
  } catch {
    return undefined
  }
}
