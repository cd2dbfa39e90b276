import { HeddleError, isHeddleError } from '@heddle/protocol'

/**
 * How a client calls what stands in the workload's spec: by the place in the spec (`messages.2.callId`, `tools.0`,
 * `maxCompletion`), the place in its own request.
 */
export type Names = ReadonlyMap<string, string>

/** A field of the spec in the client's words; what stands below a known one is called the same. */
export function nameOf(param: string, names: Names): string | undefined {
  const parts = param.replace(/\[(\d+)\]/g, '.$1').split('.')
  for (let length = parts.length; length > 0; length--) {
    const known = names.get(parts.slice(0, length).join('.'))
    if (known === undefined) continue
    return parts.slice(length).reduce((path, key) => path + (/^\d+$/.test(key) ? `[${key}]` : `.${key}`), known)
  }
  return undefined
}

/** What a provider calls a field that its own reading of the spec refuses. */
const OWN = /\bspec\.([A-Za-z0-9_.[\]]+[A-Za-z0-9_\]])/g

/** Gives what a house refuses the name that the field has in the client's request; other errors stay what they are. */
export function nameField(error: unknown, names: Names): unknown {
  if (!isHeddleError(error)) return error
  const { param, ...about } = (typeof error.cause === 'object' && error.cause !== null ? error.cause : {}) as {
    param?: unknown
  }
  const own = typeof param === 'string' ? undefined : OWN.exec(error.message)?.[1]
  OWN.lastIndex = 0
  const given = typeof param === 'string' ? param : own
  if (given === undefined) return error
  const name = nameOf(given, names) ?? (own === undefined ? given : undefined)
  if (name === undefined || name === given) return error
  const message = error.message.replaceAll(own === undefined ? given : `spec.${own}`, name)
  return new HeddleError(error.code, message, { cause: { ...about, param: name } })
}
