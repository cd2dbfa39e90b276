import { type Chunk, type Context, HeddleError, utf8 } from '@heddle/protocol'
import { believable, boundsOf, isBelow, usageOf } from '../guard/answer.ts'
import type { Audit } from '../guard/audit.ts'
import { MAX_DIMENSIONS } from '../limits.ts'
import { encodePiece } from '../output.ts'
import type { EmbeddingSpec } from '../spec.ts'
import type { InferenceUnit } from '../workload.ts'
import type { Adapter, EngineModel } from './adapter.ts'
import { promptTokens } from './estimate.ts'
import type { EngineHttp } from './http.ts'
import { malformed } from './json.ts'

const MAX_BYTES_A_NUMBER = 32

/** Embeds texts: one request, one answer, one chunk. Throws like a stream does. */
export async function runEmbedding(options: {
  http: EngineHttp
  adapter: Adapter
  model: EngineModel
  spec: EmbeddingSpec
  context: number
  patience: { firstTokenMs: number }
  audit: Audit
  job: string
  outlet: Context<InferenceUnit>
}): Promise<Chunk<InferenceUnit>> {
  const { http, adapter, model, spec, context, patience, audit, job, outlet } = options
  const ask = adapter.embed(spec, model)
  const answer = await http.json('POST', ask.path, ask.body, {
    timeoutMs: patience.firstTokenMs,
    maxBytes: (1 << 20) + spec.input.length * MAX_DIMENSIONS * MAX_BYTES_A_NUMBER,
    signal: outlet.signal,
  })
  if (outlet.signal.aborted) throw new HeddleError('aborted')
  const { vectors, prompt } = ask.read(answer)
  if (vectors.length !== spec.input.length) throw malformed('there is not one embedding for each text')
  const [first] = vectors
  const dimensions = Array.isArray(first) ? first.length : 0
  const bytes = utf8(
    vectors.map((vector, index) => encodePiece({ embedding: { index, data: floats(vector, dimensions) } })).join(''),
  )
  const claim = { prompt: prompt || promptTokens(spec), cached: 0, completion: 0 }
  const believed = believable(boundsOf(spec, context), claim, bytes.length)
  if (isBelow(believed, claim)) audit.refused({ rule: 'usage', job })
  const used = usageOf(believed)
  outlet.deliver({ bytes, used })
  return { used, finish: 'stop' }
}

/** Numbers as base64 of little-endian 32-bit floats. */
function floats(vector: unknown, dimensions: number): string {
  if (!Array.isArray(vector) || vector.length !== dimensions || dimensions < 1 || dimensions > MAX_DIMENSIONS)
    throw malformed('an embedding is no list of numbers, or of another length than the first')
  const bytes = Buffer.alloc(dimensions * 4)
  for (const [i, value] of vector.entries()) {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw malformed('an embedding holds what is no number')
    bytes.writeFloatLE(value, i * 4)
  }
  return bytes.toString('base64')
}
