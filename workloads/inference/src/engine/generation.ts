import type { LlamaContextSequence, Token } from 'node-llama-cpp'
import { CHUNK_TOKENS } from '../limits.ts'
import type { Llama } from './llama.ts'
import type { Ask, Counts, FromEngine } from './messages.ts'
import { engineSampler, type Sampler } from './sampler.ts'
import { startText } from './text.ts'

export type Generation = {
  /** Permits one more chunk. */
  more(): void
  /** Stops at the next token, or at the next batch of the prompt. */
  close(): void
}

class PromptTooLong extends Error {}

// Text that comes faster than this is sent together: a message per token would cost a small model more than the token.
const GATHER_MS = 8
// Held-back text above this counts as delivered at a pause: a chunk that can only hold back would never end.
const MAX_HELD = CHUNK_TOKENS / 2

/** Runs one job: evaluates the prompt, then a chunk per permission, and frees the sequence whatever happens. */
export function startGeneration(llama: Llama, ask: Ask, send: (message: FromEngine) => void): Generation {
  const { job } = ask
  const permission = startPermission()
  const run = async (): Promise<void> => {
    const tokens = admit(llama, ask)
    const sequence = await llama.acquire()
    try {
      await generate(llama, sequence, tokens, ask, permission, send)
    } finally {
      await llama.release(sequence)
    }
  }
  run()
    .catch((error: unknown) => {
      const code = error instanceof PromptTooLong ? 'context_exceeded' : 'internal'
      send({ type: 'failed', job, code, message: error instanceof Error ? error.message : String(error) })
    })
    .finally(() => send({ type: 'closed', job }))
  return permission
}

function admit({ template, facts }: Llama, { messages, maxPrompt, maxCompletion }: Ask): Token[] {
  const tokens = template.tokens(messages)
  const count = tokens.length
  if (count + maxCompletion > facts.context) {
    throw new PromptTooLong(
      `${count} prompt + ${maxCompletion} completion tokens are above the context of ${facts.context}`,
    )
  }
  if (count > maxPrompt) throw new PromptTooLong(`the prompt is ${count} tokens, above the bound of ${maxPrompt}`)
  return tokens
}

type Permission = Generation & { readonly closed: boolean; granted(): Promise<boolean> }

/** Opening a job is its first permission. */
function startPermission(): Permission {
  let permits = 1
  let closed = false
  let wake = () => {}
  return {
    more() {
      permits++
      wake()
    },
    close() {
      closed = true
      wake()
    },
    get closed() {
      return closed
    },
    async granted() {
      while (permits === 0 && !closed) {
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
      permits--
      return !closed
    },
  }
}

async function generate(
  llama: Llama,
  sequence: LlamaContextSequence,
  tokens: Token[],
  ask: Ask,
  permission: Permission,
  send: (message: FromEngine) => void,
  sampler: Sampler = engineSampler,
): Promise<void> {
  // In slices of a batch, so that closing does not wait for a long prompt.
  const last = Math.floor((tokens.length - 1) / llama.batch) * llama.batch
  for (let start = 0; start < last; start += llama.batch) {
    if (permission.closed) return
    await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(start, start + llama.batch))
  }
  const { ends } = llama.template
  const text = startText({ decode: llama.decode, stop: [...ask.stop, ...ends.texts], before: tokens.slice(-8) })
  const outbox = startOutbox(ask.job, tokens.length, send)
  const draws = sampler.draw(sequence, tokens.slice(last), ask.sampling)
  try {
    while (await permission.granted()) {
      const limit = Math.min(outbox.completion + CHUNK_TOKENS, ask.maxCompletion)
      let finish: 'stop' | 'length' | undefined
      while (text.pushed < limit && finish === undefined) {
        const { done, value } = await draws.next()
        if (permission.closed) return
        if (done || ends.tokens.has(value)) finish = 'stop'
        else {
          const piece = text.push(value)
          outbox.add(piece.text, piece.completion)
          if (piece.stopped) return outbox.pause('stop')
        }
      }
      if (finish === undefined && text.pushed >= ask.maxCompletion) finish = 'length'
      if (finish !== undefined) {
        const rest = text.end()
        outbox.add(rest.text, rest.completion)
        return outbox.pause(rest.stopped ? 'stop' : finish)
      }
      if (text.pushed - outbox.completion > MAX_HELD) outbox.add('', text.pushed)
      outbox.pause()
    }
  } finally {
    outbox.stop()
    await draws.return()
  }
}

/** The first text leaves at once; what follows within a few milliseconds leaves together. */
function startOutbox(job: number, prompt: number, send: (message: FromEngine) => void) {
  let text = ''
  let counts: Counts = { prompt, completion: 0 }
  let sentAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    if (text === '') return
    send({ type: 'text', job, text, ...counts })
    text = ''
    sentAt = performance.now()
  }
  return {
    get completion(): number {
      return counts.completion
    },
    add(more: string, completion: number): void {
      text += more
      counts = { prompt, completion: Math.max(counts.completion, completion) }
      if (text === '') return
      if (performance.now() - sentAt >= GATHER_MS) flush()
      else timer ??= setTimeout(flush, GATHER_MS)
    },
    pause(finish?: 'stop' | 'length'): void {
      flush()
      send({ type: 'pause', job, ...counts, ...(finish && { finish }) })
    },
    stop: () => clearTimeout(timer),
  }
}
