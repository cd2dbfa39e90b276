import type { ChatSpec } from '@heddle/inference/workload'
import { type Llama, loadLlama } from '../../workloads/inference/src/engine/llama.ts'
import { type AnswerRecord, startRecord } from '../../workloads/inference/src/engine/record.ts'
import { engineSampler, openSampler, type Sampler } from '../../workloads/inference/src/engine/sampler.ts'
import { samplingOf } from '../../workloads/inference/src/engine/sampling.ts'

/** What one answer took: microseconds of processor time a token, and its evidence, where it was drawn openly. */
export type Decoded = { microseconds: number; tokens: number; leaves: Uint8Array[] }

const TOPICS = ['a loom', 'the sea at night', 'a town without clocks', 'bread', 'an honest machine', 'two rivers']

/** Writes answers in this process with the engine's own sampler and with ours, which keeps evidence. */
export async function startDecoding(modelPath: string) {
  const llama = await loadLlama({
    modelPath,
    context: 1_024,
    sequences: 1,
    threads: 1,
    batch: 128,
    idleMs: 60_000,
    warmUp: true,
  })
  return {
    plain: (round: number, tokens: number) => decode(llama, engineSampler, round, tokens),
    open: (round: number, tokens: number) => decode(llama, openSampler, round, tokens),
  }
}

async function decode(llama: Llama, sampler: Sampler, round: number, tokens: number): Promise<Decoded> {
  const content = `Write a long story about ${TOPICS[round % TOPICS.length]}.`
  const spec: ChatSpec = {
    task: 'chat',
    messages: [{ role: 'user', content }],
    maxCompletion: tokens,
    temperature: 0.8,
    topP: 1,
    stop: [],
  }
  const prompt = llama.template.prompt(spec)
  const seed = `0x${(round + 1).toString(16).padStart(64, '0')}`
  const sequence = await llama.pool.acquire()
  const sampling = samplingOf({ model: llama.model, spec, seed, choice: 0, drawn: [], grammar: () => undefined })
  const record: AnswerRecord | undefined = sampler === openSampler ? startRecord(llama, prompt, sampling) : undefined
  let begun = 0
  try {
    for await (const { token, position } of sampler.draw(sequence, prompt.tokens, sampling)) {
      // The prompt is the same for both: what is compared begins with the first token.
      if (begun === 0) begun = process.cpuUsage().user
      sampling.drawn.push(token)
      if (position) record?.add(position)
      if (sampling.drawn.length === tokens) break
    }
    const leaves = record?.leaves(false) ?? []
    const count = sampling.drawn.length
    return { microseconds: (process.cpuUsage().user - begun) / (count - 1), tokens: count, leaves }
  } finally {
    await llama.pool.release(sequence)
  }
}
