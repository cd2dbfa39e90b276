import { type Exchange, HeddleError } from '@heddle/protocol'
import { z } from 'zod'
import { boundedText } from '../../fields.ts'
import { MAX_EMBEDDINGS } from '../../limits.ts'
import { startPieces } from '../../output.ts'
import { ask, prepare } from '../shared/ask.ts'
import { noteOf, receiptHeader, unusedHeader } from '../shared/note.ts'
import { optional, parse, textOr } from '../shared/parse.ts'
import { routingFields } from '../shared/routing.ts'
import { finishOf, usedOf } from '../shared/usage.ts'
import { modelField, readChoosing } from './chat-request.ts'

const input = boundedText.min(1)
const requestSchema = z.strictObject({
  ...modelField,
  input: textOr(
    input,
    z.array(input).min(1).max(MAX_EMBEDDINGS),
    `must be a text, or a list of at most ${MAX_EMBEDDINGS}`,
  ),
  encoding_format: optional(z.enum(['float', 'base64'])),
  ...routingFields,
})

/** `POST /v1/embeddings` */
export async function embed(exchange: Exchange): Promise<void> {
  const { request, unused } = parse(requestSchema, exchange.body)
  const texts = typeof request.input === 'string' ? [request.input] : request.input
  const prepared = await prepare(exchange, {
    ...readChoosing(request),
    spec: { task: 'embedding', input: texts },
    unused,
    textField: 'input',
    featureFields: {},
    hints: {},
    names: new Map(),
  })
  const answer = await ask(exchange, prepared)
  const vectors: string[] = []
  const reader = startPieces()
  const take = (bytes?: Uint8Array): void => {
    for (const { embedding } of bytes ? reader.push(bytes) : reader.end()) {
      if (embedding && embedding.index < texts.length) vectors[embedding.index] = embedding.data
    }
  }
  for await (const bytes of answer.deltas) take(bytes)
  take()
  const settlement = await answer.done
  finishOf(settlement)
  const encode = request.encoding_format === 'base64' ? (data: string) => data : floatsOf
  const { prompt, cached } = usedOf(settlement)
  exchange.json(
    200,
    {
      object: 'list',
      model: answer.model.id,
      data: texts.map((_, index) => ({ object: 'embedding', index, embedding: encode(present(vectors[index])) })),
      usage: { prompt_tokens: prompt + cached, total_tokens: prompt + cached },
      heddle: noteOf(settlement, { unused }),
    },
    { ...receiptHeader(settlement), ...unusedHeader(unused) },
  )
}

const BYTES = 4

/** A vector that is one. Throws `receipt_mismatch` when it is missing, or not made of 32-bit numbers. */
function present(data: string | undefined): string {
  const length = data === undefined ? 0 : Buffer.byteLength(data, 'base64')
  if (length === 0 || length % BYTES !== 0) throw new HeddleError('receipt_mismatch', 'an embedding is missing')
  return data!
}

function floatsOf(data: string): number[] {
  const bytes = Buffer.from(data, 'base64')
  return Array.from({ length: bytes.length / BYTES }, (_, i) => bytes.readFloatLE(i * BYTES))
}
