import type { Reference } from '@heddle/inference/checker'
import type { Position } from '@heddle/inference/draw'
import { decodeHead, decodePositions, encodeHead, keepLikeliest, leavesOf } from '@heddle/inference/draw'
import type { InferenceWorker } from '@heddle/inference/worker'
import type { GenerationSpec } from '@heddle/inference/workload'
import type { Answered, JobRequest } from '@heddle/protocol'
import { digestOf } from '@heddle/protocol'
import { forge, only } from '../../workloads/inference/src/checker/testing/forger.ts'
import {
  answerJob,
  forgedAnswer,
  jobWith,
  type Unsigned,
} from '../../workloads/inference/src/checker/testing/provider.ts'
import type { Llama } from '../../workloads/inference/src/engine/llama.ts'

const never = new AbortController().signal

/** Reads the evidence of an answer. */
export function readLeaves({ leaves }: Unsigned): { head: ReturnType<typeof decodeHead>; positions: Position[] } {
  const head = decodeHead(leaves[0]!)
  return { head, positions: leaves.slice(1).flatMap((leaf, i) => decodePositions(leaf, head, i + 1)) }
}

/**
 * An answer in which one token is the provider's own choice, and its likelihoods are forged: anywhere in it, or near its
 * end, where a check looks least often.
 */
export async function chosenToken(llama: Llama, honest: Unsigned, late: boolean): Promise<Unsigned> {
  const { job, receipt } = honest
  const number = Number.parseInt(receipt.id.slice(2, 8), 16)
  const at = late ? 40 + (number % 8) : number % 48
  const forged = await forge(llama, job, receipt.seed, (position, number) =>
    number === at ? only(position.candidates.at(-1)!.token) : position,
  )
  return forgedAnswer(honest, forged)
}

/**
 * An answer of smaller weights, with log-probabilities that the claimed ones give for it: what a provider does that
 * decodes cheaply and prefills the model it claims. A drawn token that the claimed model would not tell is put in the
 * place of the last candidate.
 */
export async function forgedByPrefill(cheap: Unsigned, claimed: Reference): Promise<Unsigned> {
  const { head, positions } = readLeaves(cheap)
  const tokens = positions.map(({ candidates, drawn }) => candidates[drawn]!.token)
  const { likeliest } = await claimed.look(
    {
      spec: cheap.job.spec as unknown as GenerationSpec,
      promptDigest: head.promptDigest,
      tokens,
      depth: positions.length,
      top: head.topK,
    },
    never,
  )
  const forged = likeliest.map(({ tokens: likely, logits }, i): Position => {
    const best = logits[0]!
    const told = likely.map((token, j) => ({ token, logprob: logits[j]! - best }))
    let candidates = keepLikeliest(told, head.topK)
    if (!candidates.some(({ token }) => token === tokens[i])) {
      const last = candidates.at(-1)!.logprob / 1_000
      const kept = candidates.slice(0, -1).map(one => ({ ...one, logprob: one.logprob / 1_000 }))
      candidates = keepLikeliest([...kept, { token: tokens[i]!, logprob: last }], head.topK)
    }
    return { candidates, drawn: candidates.findIndex(({ token }) => token === tokens[i]) }
  })
  return { ...cheap, leaves: leavesOf(head, forged) }
}

/** Cheats of whoever signs, made of an honest answer. `provable`: signed data alone convicts. */
export const paperwork: readonly {
  name: string
  provable: boolean
  make(worker: InferenceWorker, honest: Unsigned, other: Unsigned): Unsigned | Promise<Unsigned>
}[] = [
  {
    name: 'picked_seed',
    provable: true,
    make: (_, honest) => {
      const { head, positions } = readLeaves(honest)
      return { ...honest, leaves: leavesOf({ ...head, seed: digestOf(`picked ${honest.receipt.id}`) }, positions) }
    },
  },
  {
    name: 'inflated_usage',
    provable: true,
    make: (_, honest) => {
      const { usage } = honest.receipt
      const completion = String(BigInt(usage['completion']!) + 1n)
      return { ...honest, receipt: { ...honest.receipt, usage: { ...usage, completion } } }
    },
  },
  {
    name: 'malformed_evidence',
    provable: true,
    make: (_, honest) => ({ ...honest, leaves: honest.leaves.map((leaf, i) => (i === 1 ? leaf.subarray(1) : leaf)) }),
  },
  {
    name: 'truncated_billed_whole',
    provable: true,
    // Half of the positions are left, all of the tokens are charged.
    make: (_, honest) => {
      const { head, positions } = readLeaves(honest)
      const half = positions.slice(0, positions.length >> 1)
      const leaves = leavesOf({ ...head, ended: false, positions: half.length }, half)
      return { ...honest, leaves, output: honest.output.subarray(0, honest.output.length >> 1) }
    },
  },
  {
    name: 'cached_answer',
    provable: true,
    // The answer to another request, with its own evidence, signed again under this job.
    make: (_, honest, other) => ({ ...other, job: honest.job, receipt: { ...other.receipt, ...keysOf(honest) } }),
  },
  {
    name: 'cached_answer_with_this_seed',
    provable: true,
    // The same, with this job's seed written into its head: the draws do not fit it.
    make: (_, honest, other) => {
      const { head, positions } = readLeaves(other)
      const { seed } = readLeaves(honest).head
      const leaves = [encodeHead({ ...head, seed }), ...leavesOf(head, positions).slice(1)]
      return { ...other, leaves, job: honest.job, receipt: { ...other.receipt, ...keysOf(honest) } }
    },
  },
  {
    name: 'truncated',
    provable: false,
    make: (worker, { job }) => {
      const spec = job.spec as unknown as GenerationSpec
      const asked = jobWith({ ...spec, maxCompletion: spec.maxCompletion >> 1 }, job.nonce)
      return answerJob(worker, job, { asked })
    },
  },
  {
    name: 'altered_prompt',
    provable: false,
    make: (worker, { job }) => answerJob(worker, job, { asked: alteredJob(job) }),
  },
  {
    name: 'altered_text',
    provable: false,
    make: (_, honest) => ({ ...honest, output: Buffer.concat([honest.output, Buffer.from('.')]) }),
  },
]

const keysOf = ({ receipt: { id, nonce, request, seed } }: Unsigned) => ({ id, nonce, request, seed })

function alteredJob(job: JobRequest): JobRequest {
  const spec = job.spec as unknown as GenerationSpec
  return jobWith(
    spec.task === 'completion' ? { ...spec, prompt: `${spec.prompt} Praise the weaver.` } : spec,
    job.nonce,
  )
}

/**
 * What a consumer can do who denies an honest answer: it shows another one than it was given, or hides parts. Nobody may
 * be convicted by that.
 */
export const slander: readonly { name: string; make(honest: Answered, other: Answered): Answered }[] = [
  { name: 'another text', make: honest => ({ ...honest, output: Buffer.concat([honest.output, Buffer.from('!')]) }) },
  { name: 'no text', make: honest => ({ ...honest, output: new Uint8Array(0) }) },
  { name: 'another job', make: (honest, other) => ({ ...honest, job: other.job }) },
  { name: 'another nonce', make: (honest, { job }) => ({ ...honest, job: { ...honest.job, nonce: job.nonce } }) },
  { name: "another answer's evidence", make: (honest, { leaves = [] }) => ({ ...honest, leaves }) },
  { name: 'a part of the evidence', make: honest => ({ ...honest, leaves: honest.leaves!.slice(0, -1) }) },
  {
    name: 'an altered leaf',
    make: honest => ({ ...honest, leaves: honest.leaves!.with(-1, altered(honest.leaves!)) }),
  },
  { name: 'no evidence', make: ({ leaves: _, ...honest }) => honest },
]

const altered = (leaves: readonly Uint8Array[]): Uint8Array => {
  const last = Uint8Array.from(leaves.at(-1)!)
  last[last.length - 1]! ^= 1
  return last
}
