import type { JobRequest } from '@heddle/protocol'
import type { Token } from 'node-llama-cpp'
import { type Candidate, draw, keepLikeliest, type Position, randomAt } from '../../draw/index.ts'
import { answerOf } from '../../engine/choice.ts'
import { promptOf } from '../../engine/generation.ts'
import { type Llama, loadLlama } from '../../engine/llama.ts'
import { STEP_TOKENS } from '../../engine/messages.ts'
import { startRecord } from '../../engine/record.ts'
import { samplingOf } from '../../engine/sampling.ts'
import { startText } from '../../engine/text.ts'
import type { GenerationSpec } from '../../spec.ts'

/** What a provider that writes its own engine can do with each position before it goes on from it. */
export type Rule = (position: Position, number: number) => Position

export type Forged = {
  leaves: Uint8Array[]
  text: string
  prompt: number
  completion: number
  finish: 'stop' | 'length'
}

/** An engine in this process, for providers that cheat while they write. */
export const loadForger = (modelPath: string): Promise<Llama> =>
  loadLlama({ modelPath, context: 1_024, sequences: 1, threads: 1, batch: STEP_TOKENS, idleMs: 1_000, warmUp: false })

/** Writes an answer and its evidence as the engine does, but for what the rule changes. */
export async function forge(llama: Llama, job: JobRequest, seed: string, rule: Rule = one => one): Promise<Forged> {
  const spec = job.spec as unknown as GenerationSpec
  const prompt = promptOf(llama, spec)
  const drawn: Token[] = []
  const sampling = samplingOf({ model: llama.model, spec, seed, choice: 0, drawn, grammar: () => undefined })
  const record = startRecord(llama, prompt, sampling)
  const text = startText({ decode: llama.decode, before: prompt.tokens.slice(-8) })
  const answer = answerOf(llama, prompt, { spec, seed }, 0, text)
  let whole = ''
  const keep = (step: ReturnType<typeof answer.end>): typeof step => {
    for (const piece of step.pieces) whole += piece.text ?? ''
    return step
  }
  const done = (completion: number, finish: 'stop' | 'length', ended: boolean): Forged => ({
    leaves: record.leaves(ended),
    text: whole,
    prompt: prompt.tokens.length,
    completion,
    finish,
  })
  const sequence = await llama.pool.acquire()
  try {
    const before = prompt.tokens.slice(0, -1)
    for (let from = 0; from < before.length; from += STEP_TOKENS)
      await sequence.evaluateWithoutGeneratingNewTokens(before.slice(from, from + STEP_TOKENS))
    let next = prompt.tokens.at(-1)!
    while (true) {
      const options = { temperature: 1, topK: sampling.topK, topP: 1, minP: 0, seed: 0 }
      const outputs = await sequence.controlledEvaluate([[next, { generateNext: { logits: true, options } }]])
      const entries = [...outputs[0]!.next.logits!]
      const best = Math.max(...entries.map(([, logit]) => logit))
      const likely = entries.map(([token, logit]): Candidate => ({ token, logprob: logit - best }))
      const candidates = keepLikeliest(likely, sampling.topK)
      const { drawing } = sampling
      const random = randomAt(drawing.seed, drawing.choice, drawn.length)
      const position = rule({ candidates, drawn: draw(candidates, drawing, random) }, drawn.length)
      record.add(position)
      next = position.candidates[position.drawn]!.token as Token
      if (llama.model.isEogToken(next) || llama.template.ends.tokens.has(next))
        return done(keep(answer.end()).completion, 'stop', true)
      drawn.push(next)
      const step = keep(answer.push(next))
      if (step.finish) return done(step.completion, 'stop', false)
      if (drawn.length >= spec.maxCompletion) {
        const last = keep(answer.end())
        return done(last.completion, last.finish ? 'stop' : 'length', false)
      }
    }
  } finally {
    await llama.pool.release(sequence)
  }
}

/** A position that draws this token whatever its random bits are: nothing else is told. */
export const only = (token: number): Position => ({ candidates: [{ token, logprob: 0 }], drawn: 0 })
