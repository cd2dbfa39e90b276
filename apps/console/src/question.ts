export type Message = { role: string; content: string }

/** The messages of an inference question; none for other workloads. */
export function messagesOf(spec: unknown): Message[] {
  const messages = (spec as { messages?: unknown } | null | undefined)?.messages
  if (!Array.isArray(messages)) return []
  return messages.map(one => ({ role: String(one?.role), content: String(one?.content) }))
}

/** What a person would call the question: the last thing the user said, or the whole spec of another workload. */
export const questionOf = (spec: unknown): string =>
  messagesOf(spec).findLast(message => message.role === 'user')?.content ?? JSON.stringify(spec)
