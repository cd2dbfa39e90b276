import { callId } from '../fields.ts'
import type { GenerationSpec } from '../spec.ts'

/**
 * Names the calls of one answer. Engines that count from nothing in every answer, or give no id at all, would call two
 * things of one conversation the same, and a client that keeps its calls by their ids would take the second for the
 * first: what stands in the conversation already, and what no client could send back, is named anew.
 */
export function startCallIds(spec: GenerationSpec): (given: string | undefined) => string {
  const messages = spec.task === 'chat' ? spec.messages : []
  const used = new Set(
    messages.flatMap(message => (message.role === 'assistant' ? (message.toolCalls ?? []).map(({ id }) => id) : [])),
  )
  return given => {
    let id = callId.safeParse(given).success ? given! : `call_${used.size}`
    for (let next = used.size; used.has(id); next++) id = `call_${next}`
    used.add(id)
    return id
  }
}
