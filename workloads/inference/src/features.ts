import { type ChatSpec, type InferenceSpec, imagesOf } from './spec.ts'

/**
 * What an engine can do beyond the plainest chat. Offers list them, and a job is given only to who can do it all.
 * `grammar`: it holds an answer to all of a schema that is understood here; engines that take schemas hold less.
 * `evidence`: it keeps what its tokens were drawn from; one without it is *partial*, and no draw of it can be repeated.
 */
export const FEATURES = [
  'chat',
  'completion',
  'embedding',
  'tools',
  'strict',
  'json',
  'schema',
  'reasoning',
  'images',
  'logprobs',
  'choices',
  'seed',
  'logit_bias',
  'penalties',
  'top_k',
  'cache',
  'tool_choice',
  'grammar',
  'evidence',
] as const
export type Feature = (typeof FEATURES)[number]

/** The features that a job cannot do without. `cache` is never one: without it a prompt is read anew. */
export function featuresOf(spec: InferenceSpec): Feature[] {
  if (spec.task === 'embedding') return ['embedding']
  const chat = spec.task === 'chat' ? spec : undefined
  const wanted: [Feature, unknown][] = [
    ['tools', chat && (chat.tools || chat.messages.some(usesTools))],
    ['strict', chat?.tools?.some(tool => tool.strict)],
    ['tool_choice', chat && forces(chat)],
    ['json', chat?.format?.type === 'json'],
    ['schema', chat?.format?.type === 'schema'],
    ['grammar', chat?.exact],
    ['reasoning', chat?.reasoning !== undefined && chat.reasoning !== 'none'],
    ['images', imagesOf(spec).length > 0],
    ['logprobs', spec.logprobs !== undefined],
    ['choices', spec.choices],
    ['seed', spec.seed !== undefined],
    ['logit_bias', spec.logitBias],
    ['penalties', spec.frequencyPenalty || spec.presencePenalty],
    ['top_k', spec.topK],
  ]
  return [spec.task, ...wanted.filter(([, is]) => is).map(([feature]) => feature)]
}

/** Whether it matters that the engine can be told when to call, and how often. */
const forces = ({ tools, toolChoice, parallelTools }: ChatSpec): boolean =>
  toolChoice === 'required' || typeof toolChoice === 'object' || (tools !== undefined && parallelTools === false)

type ChatMessage = ChatSpec['messages'][number]
const usesTools = (message: ChatMessage): boolean =>
  message.role === 'tool' || (message.role === 'assistant' && message.toolCalls !== undefined)
