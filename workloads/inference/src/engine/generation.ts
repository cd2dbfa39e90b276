import type { LlamaContextSequence } from 'node-llama-cpp'
import { completionLimit } from '../length.ts'
import type { GenerationSpec } from '../spec.ts'
import { writeChoice } from './choice.ts'
import { embedAll, inputsOf } from './embedding.ts'
import type { Llama } from './llama.ts'
import type { Ask, FromEngine } from './messages.ts'
import { type Outbox, startOutbox } from './outbox.ts'
import { type Permission, startPermission, startRoom } from './permission.ts'
import { keepBeginning } from './pool.ts'
import { Refused } from './refused.ts'
import { biasOf } from './sampling.ts'
import type { Prompt } from './template.ts'

/** Runs one job: evaluates the prompt, then a chunk per permission, and frees the sequence whatever happens. */
export function startGeneration(
  llama: Llama,
  ask: Ask,
  send: (message: FromEngine) => void,
): Pick<Permission, 'more' | 'close'> {
  const { job } = ask
  const permission = startPermission()
  run(llama, ask, permission, send)
    .catch((error: unknown) => {
      const message = (error instanceof Error ? error.message : String(error)).slice(0, 2_000)
      if (!(error instanceof Refused)) send({ type: 'failed', job, code: 'internal', message })
      else
        send({
          type: 'failed',
          job,
          code: error.code,
          message,
          ...(error.param && { param: error.param.slice(0, 2_000) }),
        })
    })
    .finally(() => send({ type: 'closed', job }))
  return permission
}

async function run(llama: Llama, ask: Ask, permission: Permission, send: (message: FromEngine) => void): Promise<void> {
  const { spec, job } = ask
  const inputs = spec.task === 'embedding' ? inputsOf(llama, spec) : undefined
  const prompt = spec.task === 'embedding' ? undefined : promptOf(llama, spec)
  const { context } = llama.facts
  const count = inputs ? inputs.reduce((sum, input) => sum + input.length, 0) : prompt!.tokens.length
  if (count > ask.maxPrompt)
    throw new Refused('context_exceeded', `the prompt is ${count} tokens, above the bound of ${ask.maxPrompt}`)
  const outbox = startOutbox(job, { prompt: 0, cached: 0 }, send)
  try {
    if (ask.count) {
      outbox.add([], { prompt: count })
      return outbox.pause('stop')
    }
    if (inputs) return void (await embedAll(llama, inputs, outbox, permission))
    const { cache } = spec as GenerationSpec
    biasOf(llama.model, spec as GenerationSpec) // what it refuses is refused before anything is evaluated
    const sequence = await llama.pool.acquire(cache)
    try {
      // What does not fit beside the prompt is not written: the answer ends with `length`.
      const maxCompletion = completionLimit(spec as GenerationSpec, { context }, count)
      const fitting: Ask = { ...ask, spec: { ...(spec as GenerationSpec), maxCompletion } }
      await generate(llama, sequence, prompt!, fitting, permission, outbox)
    } finally {
      await llama.pool.release(sequence, cache)
    }
  } finally {
    outbox.stop()
  }
}

/** A job's prompt in tokens. Throws `Refused` where there is none, or no room for so many tokens of an answer. */
export function promptOf({ template, model, facts }: Llama, spec: GenerationSpec, answer = 1): Prompt {
  const { bos, shouldPrependBosToken } = model.tokens
  const begin = shouldPrependBosToken && bos !== null ? [bos] : []
  const prompt: Prompt =
    spec.task === 'chat' ? template.prompt(spec) : { tokens: [...begin, ...model.tokenize(spec.prompt)], opens: 'text' }
  const count = prompt.tokens.length
  if (count === 0) throw new Refused('bad_request', 'there is no prompt', 'prompt')
  if (count + answer > facts.context)
    throw new Refused('context_exceeded', `${count} tokens of the prompt are above the context of ${facts.context}`)
  return prompt
}

/** All choices, one after the other on one sequence: the prompt is evaluated once. */
async function generate(
  llama: Llama,
  sequence: LlamaContextSequence,
  prompt: Prompt,
  ask: Ask,
  permission: Permission,
  outbox: Outbox,
): Promise<void> {
  const { tokens } = prompt
  const { choices = 1 } = ask.spec as GenerationSpec
  const room = startRoom(permission, outbox)
  let finish: 'stop' | 'length' = 'stop'
  let evidence: Uint8Array[] | undefined
  for (let choice = 0; choice < choices; choice++) {
    let known = await keepBeginning(llama.pool, sequence, tokens)
    if (choice === 0) outbox.add([], { prompt: tokens.length - known, cached: known })
    // In slices of a batch, so that closing does not wait for a long prompt.
    for (; known + llama.batch < tokens.length; known += llama.batch) {
      if (permission.closed) return
      await llama.pool.turn()
      await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(known, known + llama.batch))
      outbox.work()
    }
    const left = tokens.slice(known)
    const written = await writeChoice({ llama, sequence, prompt, left, ask, choice, permission, room, outbox })
    if (!written) return
    if (written.finish === 'length') finish = 'length'
    evidence = written.evidence
  }
  outbox.pause(finish, evidence)
}
