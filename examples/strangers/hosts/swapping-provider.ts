import { randomInt } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { required, runDaemon } from '@heddle/daemon'
import { decodeHead, encodeHead } from '@heddle/inference/draw'
import type { Chunk, Digest, Worker } from '@heddle/protocol'
import type { ProviderSettings } from '@heddle/provider/settings'
import { type BuiltInSettings, startWorkers } from '@heddle/workloads/workers'
import { quiet, startCheating } from './start.ts'

/**
 * A provider that answers with the weights it claims until a moment of its own choice, and from then on with smaller
 * ones, which cost it less. It names the class of engine that the claimed weights have. What it did it writes into its
 * own folder, for the end of the play; nobody else is told.
 */
const settings = JSON.parse(required('HEDDLE_SETTINGS')) as ProviderSettings & {
  engine: BuiltInSettings
  cheap: BuiltInSettings['model']
}

await runDaemon(quiet, async () => {
  const { engine, cheap, home } = settings
  const [honest] = await startWorkers({ engine, home, log: quiet })
  const [smaller] = await startWorkers({ engine: { ...engine, model: cheap }, home, log: quiet })
  const worker = swapping(honest!.worker, smaller!.worker, 8 + randomInt(10))
  return startCheating(settings, [{ workload: honest!.workload, worker }])
})

function swapping(honest: Worker<unknown>, smaller: Worker<unknown>, honestJobs: number): Worker<unknown> {
  let jobs = 0
  let claimed: Digest | undefined
  const confess = (job: Digest): void =>
    writeFileSync(join(settings.home, 'confession.json'), JSON.stringify({ job, jobs }))
  return {
    serves: () => honest.serves(),
    ready: digest => honest.ready(digest),
    status: () => honest.status(),
    async *execute(job, context) {
      jobs += 1
      if (jobs <= honestJobs) {
        for await (const chunk of honest.execute(job, context)) {
          if (chunk.evidence) claimed = decodeHead(chunk.evidence[0]!).class
          yield chunk
        }
        return
      }
      if (jobs === honestJobs + 1) confess(job.id)
      const serves = { name: settings.cheap.name, digest: settings.cheap.digest }
      for await (const chunk of smaller.execute({ ...job, serves }, context)) yield disguised(chunk, claimed!)
    },
    stop: async () => void (await Promise.all([honest.stop(), smaller.stop()])),
  }
}

/** Evidence that says the claimed weights' class. */
function disguised(chunk: Chunk, engine: Digest): Chunk {
  const [head, ...positions] = chunk.evidence ?? []
  if (!head) return chunk
  return { ...chunk, evidence: [encodeHead({ ...decodeHead(head), class: engine }), ...positions] }
}
