import { HeddleError } from '@heddle/protocol'
import type { ChatSpec } from '../spec.ts'

const refused = (message: string, param: string): HeddleError =>
  new HeddleError('bad_request', message, { cause: { param } })

/** Throws `bad_request` for tools, and a choice of them, that no model could make good. */
export function assertTools({ tools = [], toolChoice }: ChatSpec): void {
  const named = typeof toolChoice === 'object' ? toolChoice.name : undefined
  if (named !== undefined && !tools.some(tool => tool.name === named))
    throw refused(`there is no tool ${named}`, 'toolChoice')
  if (toolChoice === 'required' && tools.length === 0) throw refused('there is no tool to require', 'toolChoice')
  const seen = new Set<string>()
  for (const [i, { name }] of tools.entries()) {
    if (seen.has(name)) throw refused(`two tools are called ${name}`, `tools.${i}.name`)
    seen.add(name)
  }
}
