import type { Exchange } from '@heddle/protocol'
import { z } from 'zod'
import { boundedText } from '../../fields.ts'
import type { CompletionSpec } from '../../spec.ts'
import { type Asking, prepare } from '../shared/ask.ts'
import { type FeatureFields, fieldsIn } from '../shared/features.ts'
import { optional, parse, refused } from '../shared/parse.ts'
import { routingFields } from '../shared/routing.ts'
import { streamAnswer } from '../shared/stream.ts'
import { askWhole } from '../shared/whole.ts'
import { modelField, readChoosing, readStreaming, type Streaming, streamFields } from './chat-request.ts'
import { completionEvents, textCompletionOf } from './completions-answer.ts'
import { headOf } from './head.ts'
import { completionOf, maxCompletion, readSampling, samplingFields, samplingNames } from './sampling.ts'
import { dataStyle } from './style.ts'

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
  echo: refused(),
  suffix: refused(),
  ...samplingFields,
  ...streamFields,
  ...routingFields,
})

const featureFields: FeatureFields = {
  logprobs: ['logprobs'],
  choices: ['n'],
  seed: ['seed', 'random_seed'],
  logit_bias: ['logit_bias'],
  penalties: ['frequency_penalty', 'presence_penalty'],
  top_k: ['top_k'],
}

type CompletionRequest = Asking & Streaming & { spec: CompletionSpec }

/** Rebuilds a request in the words of the workload. Throws `unsupported_field`, `bad_request`, `model_unknown`. */
export function readCompletionRequest(body: unknown): CompletionRequest {
  const { request, unused } = parse(requestSchema, body)
  const { prompt, logprobs, max_tokens: most } = request
  const spec: CompletionSpec = {
    task: 'completion',
    prompt: typeof prompt === 'string' ? prompt : prompt[0],
    ...readSampling(request, completionOf(most ?? DEFAULT_COMPLETION), logprobs ?? undefined),
  }
  return {
    ...readChoosing(request),
    ...readStreaming(request, unused),
    spec,
    unused,
    textField: 'prompt',
    featureFields,
    hints: { cache: fieldsIn(body, ['prompt_cache_key']) },
    names: new Map(samplingNames),
    wanted: most == null ? undefined : { field: 'max_tokens', tokens: most },
  }
}

/** `POST /v1/completions`, streamed or whole. */
export async function completeText(exchange: Exchange): Promise<void> {
  const request = readCompletionRequest(exchange.body)
  const prepared = await prepare(exchange, request)
  const { includeUsage } = request
  const choices = request.spec.choices ?? 1
  if (request.stream)
    return streamAnswer(exchange, prepared, {
      style: dataStyle,
      choices,
      events: answer => completionEvents(headOf(answer, 'cmpl'), { includeUsage, choices }),
    })
  const { answer, whole, told, headers } = await askWhole(exchange, prepared, choices)
  exchange.json(200, textCompletionOf(headOf(answer, 'cmpl'), whole, told), headers)
}
