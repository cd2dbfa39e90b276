import {
  type Answered,
  type Checker,
  createProver,
  digestOf,
  type Finding,
  HeddleError,
  isHeddleError,
  jobId,
} from '@heddle/protocol'
import type { EngineClass } from '../draw/index.ts'
import { inferenceProofs } from '../draw/proofs.ts'
import type { EngineFacts } from '../engine/messages.ts'
import { type GenerationSpec, inferenceSpecSchema } from '../spec.ts'
import { type Calibration, engineOf } from './calibration.ts'
import { chooseDepth, systemRandom } from './choose.ts'
import { distanceAt } from './distance.ts'
import { exactFault, promptFault } from './exact.ts'
import { judgeDistances, type Said } from './judge.ts'
import type { Looked } from './messages.ts'
import { type Opened, openEvidence } from './open.ts'
import { createReference, type Reference, type ReferenceOptions } from './reference.ts'

export type CheckerOptions = Omit<ReferenceOptions, 'model'> & {
  /** Weights to hold answers against, each in a process of its own that starts at the first need. */
  models: readonly ReferenceOptions['model'][]
  /** What was measured of honest engines; without that of a model its answers are not measured. */
  calibrations?: readonly Calibration[]
  /** For tests: a whole number of 0 … below − 1. */
  random?: (below: number) => number
}

const prover = createProver([inferenceProofs])

/** Likeliest tokens of the reference that are looked at beside as many as can be told. */
export const BESIDE = 16

/**
 * Checks answers that were paid for: first what signed data proves alone, then what the model's own tokens say, then
 * how far the told log-probabilities are from those of the pinned weights, by one pass over prompt and answer. What it
 * cannot judge is `inconclusive`, with the reason. Throws what {@link Reference.look} throws of the reference itself.
 *
 * @example
 * ```ts
 * // sketch
 * import { createChecker } from '@heddle/inference/checker'
 * const checker = createChecker({ models: [model], calibrations: [calibration] })
 * const { verdict, check, reason } = await checker.check({ receipt, job, output, leaves }, signal)
 * ```
 */
export function createChecker({ models, calibrations = [], random = systemRandom, ...rest }: CheckerOptions): Checker {
  const references = new Map(models.map(model => [model.digest, createReference({ ...rest, model })]))

  /** What can be said without the weights; else what is needed to look. */
  function read(answer: Answered): Said | { opened: Opened; spec: GenerationSpec; reference: Reference } {
    const { receipt, job } = answer
    const foreign = foreignTo(answer)
    if (foreign) return inconclusive('evidence', foreign)
    const opened = openEvidence(receipt, answer.leaves)
    if (typeof opened === 'string') return inconclusive('evidence', opened)
    const { proof, verdicts } = prover.prove(answer, receipt.receipt.provider)
    const last = verdicts.at(-1)
    if (proof && last)
      return { verdict: 'dishonest', check: last.proof, reason: last.reason, provable: true, facts: last.facts }
    if (!opened.read) return inconclusive('evidence', 'the evidence cannot be read')
    if (!opened.read.head.replayable) return inconclusive('evidence', 'the engine drew by itself')
    if (receipt.receipt.finish === 'interrupted') return inconclusive('evidence', 'the answer was interrupted')
    const spec = inferenceSpecSchema.safeParse(job.spec)
    if (!spec.success || spec.data.task === 'embedding') return inconclusive('evidence', 'not a job that draws tokens')
    const reference = references.get(receipt.receipt.model)
    if (!reference) return inconclusive('reference', 'the weights are not here')
    return { opened, spec: spec.data, reference }
  }

  /** What the weights say of an answer that is sound so far. */
  async function measure(
    answer: Answered,
    { opened, spec, reference }: Exclude<ReturnType<typeof read>, Said>,
    cost: Cost,
    signal: AbortSignal,
  ): Promise<Said> {
    const { receipt } = answer.receipt
    const { head, positions } = opened.read!
    const calibration = calibrations.find(one => one.model.digest === receipt.model)
    cost.rest()
    const reads = calibration && classOfFacts(await reference.facts())
    cost.work()
    const engine = reads && engineOf(calibration, reads, head.class)
    const enough = engine !== undefined && positions.length >= calibration!.shortest
    const depth = enough ? chooseDepth(positions.length, calibration!.looking, random) : 0
    const tokens = positions.map(({ candidates, drawn }) => candidates[drawn]!.token)
    const { promptDigest, topK } = head
    cost.rest()
    const looked = await reference
      .look({ spec, promptDigest, tokens, depth, top: topK + BESIDE }, signal)
      .catch(notRead)
    cost.work()
    if (typeof looked === 'string') return inconclusive('reference', looked)
    cost.add(looked)
    const exact = { receipt, head, spec, output: answer.output, looked, limits: answer.offer?.offer.limits }
    const fault = exactFault(exact) ?? (engine && promptFault(exact))
    if (fault) return { verdict: 'dishonest', ...fault }
    if (!calibration) return inconclusive('distance', 'the model is not calibrated')
    if (!engine) return inconclusive('distance', 'this kind of engine is not calibrated', { class: head.class })
    if (!enough) return inconclusive('distance', 'the answer is too short', { positions: positions.length })
    const distances = looked.likeliest.map((likeliest, at) => distanceAt(positions[at]!, topK, likeliest))
    return judgeDistances(distances, engine, calibration.looking.span)
  }

  return {
    knows: model => references.has(model),
    async check(answer, signal) {
      if (signal.aborted) throw new HeddleError('aborted')
      const cost = startCost()
      const found = read(answer)
      const said = 'verdict' in found ? found : await measure(answer, found, cost, signal)
      return { provable: false, facts: {}, ...said, receipt: answer.receipt.receipt.id, cost: cost.end() }
    },
    async stop() {
      await Promise.all([...references.values()].map(reference => reference.stop()))
    },
  }
}

const inconclusive = (check: string, reason: string, facts: Finding['facts'] = {}): Said => ({
  verdict: 'inconclusive',
  check,
  reason,
  facts,
})

/** Why parts of an answer do not belong together, if they do not. */
function foreignTo({ receipt: { receipt }, job, output }: Answered): string | undefined {
  if (receipt.workload !== 'inference') return 'another workload'
  if (jobId(job) !== receipt.id) return 'the receipt is of another job'
  if (digestOf(output) !== receipt.output) return 'the output is not what the receipt names'
  return undefined
}

/** What the reference is too small for, or does not understand, is nobody's fault. */
function notRead(error: unknown): string {
  if (isHeddleError(error, 'context_exceeded')) return 'the answer is longer than the reference holds'
  if (isHeddleError(error, 'bad_request') || isHeddleError(error, 'unsupported_field'))
    return 'the reference does not read this prompt'
  throw error
}

/** The class of the engine that has these facts. */
export const classOfFacts = ({ build, hardware, quantization = '' }: EngineFacts): EngineClass => ({
  build,
  hardware,
  quantization,
})

type Cost = ReturnType<typeof startCost>

/** Processor time of this process while it works, and of the reference. */
function startCost() {
  let milliseconds = 0
  let tokens = 0
  let began: NodeJS.CpuUsage | undefined = process.cpuUsage()
  const rest = (): void => {
    if (!began) return
    const { user, system } = process.cpuUsage(began)
    milliseconds += (user + system) / 1_000
    began = undefined
  }
  return {
    rest,
    work(): void {
      began = process.cpuUsage()
    },
    add(looked: Looked): void {
      milliseconds += looked.milliseconds
      tokens += looked.evaluated
    },
    end(): Finding['cost'] {
      rest()
      return { milliseconds, tokens }
    },
  }
}
