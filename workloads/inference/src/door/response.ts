import { type Answer, HeddleError, type Model, type Settlement } from '@heddle/protocol'

/** What the network adds to OpenAI's shapes: enough to find, and to check, the receipt. */
export type HeddleNote = { receipt: string; charge: string; provider: string }

/** The parts that every piece of one answer repeats. */
export type Head = { id: string; created: number; model: string; system_fingerprint: string }

export const headOf = (answer: Answer, model: Model): Head => ({
  id: `chatcmpl-${answer.id.slice(2, 34)}`,
  created: Math.floor(Date.now() / 1000),
  model: model.id,
  system_fingerprint: `fp_${model.digest.slice(2, 12)}`,
})

export const noteOf = ({ receipt, charge, provider }: Settlement): HeddleNote => ({
  receipt,
  charge: charge.toString(),
  provider,
})

export function usageOf({ used }: Settlement) {
  const prompt = Number(used['prompt'] ?? 0n)
  const completion = Number(used['completion'] ?? 0n)
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
}

/** OpenAI's reason; an interrupted answer has none and throws `interrupted`. */
export function reasonOf({ finish }: Settlement): 'stop' | 'length' {
  if (finish === 'interrupted') throw new HeddleError('interrupted', 'the answer broke off')
  return finish
}

export const completionOf = (head: Head, text: string, settlement: Settlement) => ({
  ...head,
  object: 'chat.completion',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: text, refusal: null },
      logprobs: null,
      finish_reason: reasonOf(settlement),
    },
  ],
  usage: usageOf(settlement),
  heddle: noteOf(settlement),
})

const event = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`

/** The events of a streamed answer as text: what repeats is made once, a token costs one JSON string. */
export function eventsOf(head: Head, includeUsage: boolean) {
  const chunk = (choices: unknown[], more: object = {}) => ({
    ...head,
    object: 'chat.completion.chunk',
    choices,
    ...(includeUsage && { usage: null }),
    ...more,
  })
  const choice = (delta: object, reason: string | null) => ({ index: 0, delta, logprobs: null, finish_reason: reason })
  const [before, after] = event(chunk([choice({ content: '\u0000' }, null)])).split(JSON.stringify('\u0000')) as [
    string,
    string,
  ]
  return {
    role: () => event(chunk([choice({ role: 'assistant', content: '', refusal: null }, null)])),
    text: (text: string) => before + JSON.stringify(text) + after,
    /** The finish, the usage if asked for, and the end. The last event carries the note about the receipt. */
    end(settlement: Settlement): string {
      const heddle = noteOf(settlement)
      const finish = [choice({}, reasonOf(settlement))]
      if (!includeUsage) return `${event(chunk(finish, { heddle }))}data: [DONE]\n\n`
      return `${event(chunk(finish))}${event(chunk([], { usage: usageOf(settlement), heddle }))}data: [DONE]\n\n`
    },
    error: (body: unknown) => event(body),
  }
}

export const modelOf = ({ id, digest, context, prices }: Model) => ({
  id,
  object: 'model',
  created: 0,
  owned_by: 'heddle',
  heddle: { digest, context, prices },
})
