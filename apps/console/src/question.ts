export type Message = { role: string; content: string }

/** What a message says; one that only calls tools says which. */
function textOf(message: { content?: unknown; toolCalls?: unknown } | null): string {
  const { content, toolCalls } = message ?? {}
  const said = typeof content === 'string' ? content : content == null ? '' : JSON.stringify(content)
  const calls = Array.isArray(toolCalls) ? toolCalls.map(one => `calls ${one?.name}(${one?.arguments ?? ''})`) : []
  return [...(said === '' && calls.length > 0 ? [] : [said]), ...calls].join('\n')
}

/** The messages of an inference question; none for other workloads. */
export function messagesOf(spec: unknown): Message[] {
  const messages = (spec as { messages?: unknown } | null | undefined)?.messages
  if (!Array.isArray(messages)) return []
  return messages.map(one => ({ role: String(one?.role), content: textOf(one) }))
}

/** What a person would call the question: what the user said last, what is to be gone on with, or the whole spec of another workload. */
export function questionOf(spec: unknown): string {
  const { prompt, input } = (spec ?? {}) as { prompt?: unknown; input?: unknown }
  const said = messagesOf(spec).findLast(message => message.role === 'user')?.content
  if (said !== undefined) return said
  if (typeof prompt === 'string') return prompt
  if (Array.isArray(input)) return input.map(String).join('\n')
  return JSON.stringify(spec)
}
