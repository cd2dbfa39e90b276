import type { ControlledEvaluateInputItem, Token } from 'node-llama-cpp'
import { promptDigestOf } from '../draw/drawing.ts'
import { answerOf } from '../engine/choice.ts'
import { promptOf } from '../engine/generation.ts'
import type { Llama } from '../engine/llama.ts'
import type { Prompt } from '../engine/template.ts'
import { startText } from '../engine/text.ts'
import type { Likeliest, Look, Looked, Reading } from './messages.ts'

const NO_SEED = `0x${'00'.repeat(32)}`

/**
 * What the weights say of an answer: one pass over the prompt and as much of the answer as is asked for.
 * `onStep` hears of every step of it. Undefined when it was closed on the way. Throws `Refused` for a prompt that has no room.
 */
export async function lookAt(
  llama: Llama,
  ask: Look,
  isClosed: () => boolean,
  onStep: () => void,
): Promise<Looked | undefined> {
  const began = process.cpuUsage()
  const { model } = llama
  const vocabulary = model.fileInfo.metadata.tokenizer.ggml.tokens.length
  // Room is needed for what was written, not for what could have been.
  const prompt = promptOf(llama, ask.spec, ask.tokens.length)
  const digest = promptDigestOf(prompt.tokens)
  const known = ask.tokens.every(token => token < vocabulary)
  const reading = known ? readAnswer(llama, ask, prompt) : null
  const wanted = known && digest === ask.promptDigest && ask.depth > 0
  const measured = wanted
    ? await evaluate(llama, ask, prompt.tokens, isClosed, onStep)
    : { likeliest: [], evaluated: 0 }
  if (!measured) return undefined
  const { user, system } = process.cpuUsage(began)
  return {
    type: 'looked',
    look: ask.look,
    vocabulary,
    prompt: { digest, tokens: prompt.tokens.length },
    reading,
    milliseconds: (user + system) / 1_000,
    ...measured,
  }
}

/** Reads the drawn tokens as the engine does while it draws them. */
function readAnswer(llama: Llama, { spec, tokens }: Look, prompt: Prompt): Reading {
  const text = startText({ decode: llama.decode, before: prompt.tokens.slice(-8) })
  const answer = answerOf(llama, prompt, { spec, seed: NO_SEED }, 0, text)
  let whole = ''
  const keep = (step: ReturnType<typeof answer.end>) => {
    for (const piece of step.pieces) whole += piece.text ?? ''
    return step
  }
  for (const [at, token] of tokens.entries()) {
    if (llama.model.isEogToken(token as Token) || llama.template.ends.tokens.has(token as Token)) {
      const { completion } = keep(answer.end())
      return { text: whole, completion, end: { by: 'token', at }, stopped: null }
    }
    const { completion, finish, stopped } = keep(answer.push(token))
    if (finish) return { text: whole, completion, end: { by: 'stop', at }, stopped: stopped ?? null }
  }
  const { completion, finish, stopped } = keep(answer.end())
  const end = { by: finish ? ('stop' as const) : ('nothing' as const), at: tokens.length }
  return { text: whole, completion, end, stopped: stopped ?? null }
}

type Measured = { likeliest: Likeliest[]; evaluated: number }

async function evaluate(
  llama: Llama,
  { tokens, depth, top }: Look,
  prompt: readonly Token[],
  isClosed: () => boolean,
  onStep: () => void,
): Promise<Measured | undefined> {
  const before = [...prompt, ...(tokens.slice(0, depth - 1) as Token[])]
  // Fixed: logits are told after temperature and truncation. To leave out all but the likeliest costs nothing.
  const options = { temperature: 1, topK: top, topP: 1, minP: 0, seed: 0 }
  const first = prompt.length - 1
  const likeliest: Likeliest[] = []
  const sequence = await llama.pool.acquire()
  try {
    // In slices of a batch, so that closing does not wait for a long answer.
    for (let from = 0; from < before.length; from += llama.batch) {
      if (isClosed()) return undefined
      const items = before.slice(from, from + llama.batch).map((token, i): ControlledEvaluateInputItem => {
        return from + i >= first ? [token, { generateNext: { logits: true, options } }] : token
      })
      for (const output of await sequence.controlledEvaluate(items)) {
        if (!output) continue
        const { logits } = output.next
        if (!logits) throw new Error('the engine gave no logits')
        likeliest.push({ tokens: [...logits.keys()], logits: [...logits.values()] })
      }
      onStep()
    }
  } finally {
    await llama.pool.release(sequence)
  }
  return { likeliest, evaluated: before.length }
}
