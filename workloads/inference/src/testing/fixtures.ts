import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Context, type Digest, digestOf, type Job, type Log, utf8 } from '@heddle/protocol'
import { tiny } from '../models/catalogue.ts'
import { digestOfWeights } from '../models/weights.ts'
import { createInferenceWorker, type InferenceWorker, type InferenceWorkerOptions } from '../worker.ts'
import {
  type ChatSpec,
  type CompletionSpec,
  type EmbeddingSpec,
  type InferenceSpec,
  type InferenceUnit,
  readPieces,
  textOf,
} from '../workload.ts'

/** The committed tiny model: every engine test runs on it. */
export const tinyPath = (): string => {
  const [source] = tiny.sources
  if (source?.kind !== 'bundled') throw new Error('the tiny model is part of this package')
  return source.path
}

const tinyDigest = await digestOfWeights(tinyPath())

export const silent: Log = { info() {}, warn() {}, error() {} }

export async function tinyWorker(options: Partial<InferenceWorkerOptions> = {}): Promise<InferenceWorker> {
  const model = { name: 'tiny', path: tinyPath(), digest: tinyDigest }
  return createInferenceWorker({ model, log: silent, threads: 1, context: 256, batch: 16, ...options })
}

const question: ChatSpec = {
  task: 'chat',
  messages: [{ role: 'user', content: 'Tell me a long story.' }],
  maxCompletion: 100,
  temperature: 0,
  topP: 1,
  stop: [],
}

/** A chat with what is given changed; or another task, given whole. */
export type Asked = Partial<ChatSpec> | CompletionSpec | EmbeddingSpec

export const specOf = (asked: Asked): InferenceSpec =>
  asked.task === 'completion' || asked.task === 'embedding' ? asked : { ...question, ...asked }

export function jobOf(asked: Asked, seed = 'seed', scope = 'payer'): Job<InferenceSpec> {
  return {
    id: digestOf(utf8('job')),
    spec: specOf(asked),
    seed: digestOf(utf8(seed)),
    scope,
    serves: { name: 'tiny', digest: tinyDigest },
    input: none(),
  }
}

async function* none(): AsyncGenerator<Uint8Array> {}

type Delivered = {
  text: string
  output: Uint8Array
  used: Record<InferenceUnit, bigint> | undefined
  deltas: number
}

/** A context that records what was delivered. */
export function recorder(signal: AbortSignal = new AbortController().signal) {
  const delivered: Delivered = { text: '', output: new Uint8Array(), used: undefined, deltas: 0 }
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const context: Context<InferenceUnit> = {
    signal,
    clock: Date,
    log: silent,
    deliver({ bytes, used }) {
      // Fatal and not streaming: each delta must be whole characters.
      delivered.text += decoder.decode(bytes)
      delivered.output = Buffer.concat([delivered.output, bytes])
      delivered.used = used
      delivered.deltas++
    },
  }
  return { context, delivered }
}

export async function answerOf(worker: InferenceWorker, asked: Asked, seed?: string, scope?: string) {
  const { context, delivered } = recorder()
  const chunks = []
  for await (const chunk of worker.execute(jobOf(asked, seed, scope), context)) chunks.push(chunk)
  const { output, used, deltas } = delivered
  return { text: textOf(output), pieces: readPieces(output), output, used: used!, deltas, chunks, last: chunks.at(-1)! }
}

/** Process ids below one, nearest first. */
export function descendants(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap(task =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )
  return children.flatMap(child => [child, ...descendants(child)])
}

/** The engine's own process, behind whatever wraps it. */
export function enginePid(worker: InferenceWorker): number {
  const pid = Number(worker.status()['enginePid'])
  return descendants(pid).at(-1) ?? pid
}

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

export async function until(what: string, condition: () => boolean, ms = 120_000): Promise<void> {
  for (const end = performance.now() + ms; !condition(); await sleep(10)) {
    if (performance.now() > end) throw new Error(`waited ${ms} ms for: ${what}`)
  }
}

export const digestOfText = (text: string): Digest => digestOf(utf8(text))
