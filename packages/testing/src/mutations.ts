export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }
export type Mutation = { path: string; value: Json }

/** Another hexadecimal digit, decimal digit or letter in place of this one. */
function otherCharacter(char: string): string {
  if (/[0-9]/.test(char)) return String((Number(char) + 1) % 10)
  return char === 'a' ? 'b' : 'a'
}

/** What a single leaf can become: every character changed, one lost, one more, another kind of value. */
function leaves(value: Json): Json[] {
  if (typeof value === 'string') {
    const changed = [...value].map((char, i) => value.slice(0, i) + otherCharacter(char) + value.slice(i + 1))
    return [...changed, value.slice(1), value.slice(0, -1), `${value}0`, `0${value}`, value.toUpperCase(), '', null, 0]
  }
  if (typeof value === 'number')
    return [value + 1, value - 1, -value - 1, value * 2 + 1, value + 0.5, String(value), null]
  if (typeof value === 'boolean') return [!value, null]
  return [`0x${'00'.repeat(32)}`, false, 0, '']
}

/**
 * Every JSON value that differs from this one in one place: a leaf changed, a member left out, a member or an element
 * added or swapped with its neighbour.
 */
export function* mutationsOf(value: Json, path = '$'): Generator<Mutation> {
  if (Array.isArray(value)) {
    const items = value as readonly Json[]
    for (const [i, item] of items.entries()) {
      const put = (inner: readonly Json[]): Json => [...items.slice(0, i), ...inner, ...items.slice(i + 1)]
      for (const inner of mutationsOf(item, `${path}[${i}]`)) yield { path: inner.path, value: put([inner.value]) }
      yield { path: `${path}[${i}] left out`, value: put([]) }
      yield { path: `${path}[${i}] twice`, value: put([item, item]) }
      const next = items[i + 1]
      if (next !== undefined && JSON.stringify(next) !== JSON.stringify(item)) {
        yield { path: `${path}[${i}] swapped`, value: [...items.slice(0, i), next, item, ...items.slice(i + 2)] }
      }
    }
    yield { path: `${path} longer`, value: [...items, `0x${'00'.repeat(32)}`] }
    return
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value as { readonly [name: string]: Json })
    const build = (entries: readonly (readonly [string, Json])[]): Json => Object.fromEntries(entries)
    for (const [name, item] of members) {
      const put = (inner: Json): Json => build(members.map(([n, v]) => [n, n === name ? inner : v]))
      for (const inner of mutationsOf(item, `${path}.${name}`)) yield { path: inner.path, value: put(inner.value) }
      yield { path: `${path}.${name} left out`, value: build(members.filter(([n]) => n !== name)) }
    }
    for (const extra of ['more', '__proto__', 'constructor']) {
      yield { path: `${path} with ${extra}`, value: build([...members, [extra, '1']]) }
    }
    return
  }
  for (const leaf of leaves(value)) if (leaf !== value) yield { path, value: leaf }
}
