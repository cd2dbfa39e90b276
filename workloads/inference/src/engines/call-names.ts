import type { GenerationSpec } from '../spec.ts'
import { engineName } from '../tool-names.ts'

/** What models write around a name, and parsers leave there: control tokens behind it, a namespace before it, a number. */
const AROUND: readonly ((name: string) => string)[] = [
  name => name.trim().replace(/^["'`]|["'`]$/g, ''),
  name => name.split(/<[|｜]|\s/)[0]!,
  name => name.replace(/^(?:functions?|tools?|default_api)[.:/]/, ''),
  name => name.replace(/[:#]\d+$/, ''),
]

/**
 * Names the calls of one answer by the tools that were offered. One that is none of them, also without what stands around
 * it, is its caller's to refuse: it is handed on in letters that can be sent back.
 *
 * @example
 * ```ts
 * // sketch
 * const nameTool = startCallNames(spec) // offers 'weather'
 * nameTool('functions.weather<|channel|>json') // 'weather'
 * ```
 */
export function startCallNames(spec: GenerationSpec): (given: string) => string {
  const offered = new Set(spec.task === 'chat' ? (spec.tools ?? []).map(({ name }) => name) : [])
  return given => {
    let name = given
    for (const without of AROUND) {
      if (offered.has(name)) return name
      name = without(name)
    }
    return offered.has(name) ? name : engineName(given)
  }
}
