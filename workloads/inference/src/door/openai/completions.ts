import type { Exchange } from '@heddle/protocol'
import { z } from 'zod'
import { boundedText } from '../../fields.ts'
import type { CompletionSpec } from '../../spec.ts'
import { type Asking, ask } from '../shared/ask.ts'
import { gather } from '../shared/choices.ts'
import type { FeatureFields, SpecFields } from '../shared/features.ts'
import { receiptHeader, unusedOf } from '../shared/note.ts'
import { optional, parse } from '../shared/parse.ts'
import { routingFields } from '../shared/routing.ts'
import { streamAnswer } from '../shared/stream.ts'
import { modelField, readChoosing, readStreaming, type Streaming, streamFields } from './chat-request.ts'
import { completionEvents, textCompletionOf } from './completions-answer.ts'
import { headOf } from './head.ts'
import { label, maxCompletion, readSampling, samplingFields } from './sampling.ts'

/** What OpenAI takes when the request names no number. */
const DEFAULT_COMPLETION = 16
/** The most that this older API gives. */
const MAX_LOGPROBS = 5

const requestSchema = z.strictObject({
  ...modelField,
  prompt: z.union([boundedText, z.tuple([boundedText])], { error: 'must be one text, or a list of one' }),
  max_tokens: maxCompletion,
  logprobs: optional(z.int().min(0).max(MAX_LOGPROBS)),
  best_of: optional(z.literal(1)),
  echo: optional(z.literal(false)),
  suffix: optional(z.literal('')),
  user: label,
  ...samplingFields,
  ...streamFields,
  ...routingFields,
})

const featureFields: FeatureFields = {
  logprobs: ['logprobs'],
  choices: ['n'],
  seed: ['seed'],
  logit_bias: ['logit_bias'],
  penalties: ['frequency_penalty', 'presence_penalty'],
  top_k: ['top_k'],
}

const specFields: SpecFields = { logitBias: 'logit_bias', topK: 'top_k', maxCompletion: 'max_tokens' }

type CompletionRequest = Asking & Streaming & { spec: CompletionSpec; unused: readonly string[] }

/** Rebuilds a request in the words of the workload. Throws `unsupported_field`, `bad_request`, `model_unknown`. */
export function readCompletionRequest(body: unknown): CompletionRequest {
  const request = parse(requestSchema, body)
  const { prompt, logprobs, max_tokens: most, user } = request
  const spec: CompletionSpec = {
    task: 'completion',
    prompt: typeof prompt === 'string' ? prompt : prompt[0],
    ...readSampling(request, most ?? DEFAULT_COMPLETION, logprobs ?? undefined),
  }
  const unused = unusedOf({ user })
  return {
    ...readChoosing(request),
    ...readStreaming(request),
    spec,
    textField: 'prompt',
    featureFields,
    specFields,
    unused,
  }
}

/** `POST /v1/completions`, streamed or whole. */
export async function completeText(exchange: Exchange): Promise<void> {
  const request = readCompletionRequest(exchange.body)
  const answer = await ask(exchange, request)
  const head = headOf(answer, 'cmpl')
  const { includeUsage, unused } = request
  const choices = request.spec.choices ?? 1
  if (request.stream) return streamAnswer(exchange, answer, completionEvents(head, { includeUsage, choices, unused }))
  const whole = await gather(answer, choices)
  exchange.json(200, textCompletionOf(head, whole, unused), receiptHeader(whole.settlement))
}
