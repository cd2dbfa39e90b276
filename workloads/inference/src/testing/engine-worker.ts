import type { TestContext } from 'node:test'
import { type Chunk, type Context, type Delta, digestOf, type Log, utf8 } from '@heddle/protocol'
import { createEngine } from '../engines/index.ts'
import type { EngineKind, EngineSettings } from '../engines/settings.ts'
import type { EngineWorker } from '../engines/worker.ts'
import { readPieces } from '../output.ts'
import { type InferenceSpec, type InferenceUnit, inferenceSpecSchema } from '../workload.ts'
import { type EngineScript, startRecordingEngine } from './recording-engine.ts'

export const quiet: Log = { info() {}, warn() {}, error() {} }

/** A worker in front of an engine that records what it is asked and answers by script. */
export async function setup(
  t: TestContext,
  kind: EngineKind,
  script: Partial<EngineScript> = {},
  settings: Partial<EngineSettings> = {},
) {
  const engine = await startRecordingEngine(kind, script)
  t.after(() => engine.stop().catch(() => undefined))
  const worker = await createEngine({ kind, url: engine.url, log: quiet, probe: false, ...settings })
  t.after(() => worker.stop())
  return { engine, worker }
}

/** A short question to a chat, with these fields changed. */
export const chat = (over: Record<string, unknown> = {}): InferenceSpec =>
  inferenceSpecSchema.parse({
    task: 'chat',
    messages: [{ role: 'user', content: 'Weave me a short song, please.' }],
    maxCompletion: 100,
    temperature: 0,
    topP: 1,
    stop: [],
    ...over,
  })

/** Runs one job to its end, or until the signal. */
export async function run(worker: EngineWorker, spec: InferenceSpec, signal = new AbortController().signal) {
  const [served] = worker.serves()
  const deltas: Delta<InferenceUnit>[] = []
  const chunks: Chunk<InferenceUnit>[] = []
  const context: Context<InferenceUnit> = { signal, clock: Date, log: quiet, deliver: delta => void deltas.push(delta) }
  const job = {
    id: digestOf(utf8('job')),
    spec,
    seed: digestOf(utf8('seed')),
    scope: 'payer',
    serves: { name: served!.name, digest: served!.digest },
    input: (async function* () {})(),
  }
  for await (const chunk of worker.execute(job, context)) chunks.push(chunk)
  const output = Buffer.concat(deltas.map(delta => delta.bytes))
  return { deltas, chunks, output, text: output.toString(), last: chunks.at(-1)!, pieces: readPieces(output) }
}
