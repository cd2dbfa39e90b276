import { classOf, type EngineClass, encodeHead } from '@heddle/inference/draw'
import { createInferenceWorker, type InferenceWorker, type InferenceWorkerOptions } from '@heddle/inference/worker'
import type { GenerationSpec } from '@heddle/inference/workload'
import { type Answered, digestOf, type Finding } from '@heddle/protocol'
import { quiet } from '../../test/faults/stage.ts'
import {
  answerJob,
  jobWith,
  signAnswer,
  type Unsigned,
} from '../../workloads/inference/src/checker/testing/provider.ts'
import { readLeaves } from './cheats.ts'
import { promptAt } from './prompts.ts'
import type { Model } from './weights.ts'

/** Answers have this many tokens: one span, whose false-positive rate a calibration gives. */
const TOKENS = 64
export const never = new AbortController().signal

export const isGuilty = ({ verdict }: Finding): boolean => verdict === 'dishonest'

export function progress(text: string): void {
  console.error(`checks: ${text}`)
}

/** Runs an engine on these weights for as long as `work` takes. */
export async function onWorker<T>(
  { name, path, digest }: Model,
  work: (worker: InferenceWorker) => Promise<T>,
  over: Partial<InferenceWorkerOptions> = {},
): Promise<T> {
  const model = { name, path, digest }
  const worker = await createInferenceWorker({
    model,
    log: quiet,
    threads: 1,
    context: 1_024,
    concurrency: 2,
    ...over,
  })
  try {
    return await work(worker)
  } finally {
    await worker.stop()
  }
}

const specAt = (i: number): GenerationSpec => ({
  task: 'completion',
  prompt: promptAt(i),
  maxCompletion: TOKENS,
  temperature: 0.8,
  topP: 1,
  stop: [],
})

const nonceAt = (i: number) => digestOf(`bench ${process.pid} ${i}`)

/** An answer to a prompt of its own, long enough to be judged: a few are not. */
export async function answerAt(worker: InferenceWorker, claimed: Model, i: number): Promise<Unsigned> {
  for (let again = 0; ; again++) {
    const job = jobWith(specAt(i + again * 1_000_000), nonceAt(i + again * 1_000_000))
    const answer = await answerJob(worker, job, { claims: claimed.digest })
    if (Number(answer.receipt.usage['completion']) >= 48 || again > 20) return answer
  }
}

/** An answer of other weights whose evidence names the class of engine that the claimed ones have. */
export async function swapped(
  worker: InferenceWorker,
  claimed: Model,
  i: number,
  engine: EngineClass,
): Promise<Answered> {
  const answer = await answerAt(worker, claimed, i)
  const { head } = readLeaves(answer)
  return signAnswer({ ...answer, leaves: [encodeHead({ ...head, class: classOf(engine) }), ...answer.leaves.slice(1)] })
}

export type Tally = { hits: number; trials: number }

export async function tally(trials: number, attempt: (i: number) => Promise<boolean>): Promise<Tally> {
  let hits = 0
  for (let i = 0; i < trials; i++) if (await attempt(i)) hits++
  return { hits, trials }
}
