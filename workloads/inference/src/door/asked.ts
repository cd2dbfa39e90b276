import {
  type Answered,
  canonical,
  type Digest,
  HeddleError,
  type House,
  isHeddleError,
  type Model,
  modelOf,
  type Question,
  seedOf,
} from '@heddle/protocol'
import { anthropicDoor, openAiDoor } from '../door.ts'
import { FEATURES, type Feature, featuresOf } from '../features.ts'
import { textOf } from '../output.ts'
import { inferenceSpecSchema } from '../spec.ts'

/** What a customer of a gateway sent and got, as it remembers it. */
export type Asked = Readonly<{
  /** Where it was sent, e.g. `/v1/chat/completions`. */
  path: string
  body: unknown
  /** The `heddle-nonce` that went with it. */
  nonce?: Digest
  /** The text that came back. */
  text?: string
}>

/** Something that is not as the customer asked or got it. */
export type Difference = Readonly<{ field: string; asked: string; receipt: string }>

/** Fields that a gateway writes anew for everybody: what a tag is called means something to its own engines alone. */
const SCOPED: ReadonlySet<string> = new Set(['cache'])

/**
 * What a request asks, in the words of the workload: the same code that a gateway reads it with. `models` are those that
 * the gateway knew. Throws what a gateway would answer, `not_found` for a path that asks nothing.
 *
 * @example
 * ```ts
 * // sketch
 * const { spec, models } = await questionIn('/v1/chat/completions', body, [model])
 * ```
 */
export async function questionIn(path: string, body: unknown, models: readonly Model[]): Promise<Question> {
  const nothing = () => new HeddleError('not_found', `nothing is asked at ${path.slice(0, 80)}`)
  const routes = [openAiDoor, anthropicDoor].flatMap(door => door.routes)
  const route = routes.find(one => one.path === path && one.method === 'POST')
  if (!route) throw nothing()
  let question: Question | undefined
  const house: House = {
    models: () => models,
    async ask(asked) {
      question = asked
      throw new HeddleError('aborted')
    },
    quote: () => Promise.reject(nothing()),
  }
  const silent = () => undefined
  const exchange = {
    params: {},
    body,
    header: silent,
    signal: new AbortController().signal,
    house,
    json: silent,
    stream: () => ({ write: () => true, drained: async () => undefined, end: silent }),
  }
  try {
    await route.handle(exchange)
  } catch (error) {
    if (!question) throw error
  }
  if (!question) throw nothing()
  return question
}

/**
 * Holds what a customer asked and got against the receipt that its gateway shows: whether the gateway passed on the
 * question, the settings and the nonce as they came, and the answer as it was signed. The receipt is verified already, and
 * job, offer and output are its own (`readOpened`). Gives every difference; none for an honest gateway.
 *
 * @example
 * ```ts
 * // sketch
 * const differences = await checkAsked({ path: '/v1/chat/completions', body, nonce, text }, opened.answered)
 * ```
 */
export async function checkAsked(asked: Asked, { receipt, job, offer, output }: Answered): Promise<Difference[]> {
  const differences: Difference[] = []
  const hold = (field: string, wanted: unknown, found: unknown): void => {
    if (wanted !== found) differences.push({ field, asked: String(wanted), receipt: String(found) })
  }
  const { model, nonce, request, seed } = receipt.receipt
  const served: Model = offer
    ? modelOf(offer.offer)
    : { id: nameIn(asked.body), digest: model, context: 1 << 20, prices: {}, features: featuresFor(job.spec) }
  try {
    const { spec, models } = await questionIn(asked.path, asked.body, [served])
    if (!models.includes(served.id)) hold('model', models.join(', '), served.id)
    compare(spec as Fields, job.spec as Fields, hold)
  } catch (error) {
    if (!isHeddleError(error, 'model_unknown')) throw error
    hold('model', nameIn(asked.body), served.id)
  }
  if (asked.nonce !== undefined) hold('nonce', asked.nonce, nonce)
  hold('seed', seedOf(request, nonce), seed)
  if (asked.text !== undefined) hold('text', asked.text, textOf(output))
  return differences
}

/** Without its offer nobody knows what a provider could do: what only some can counts as asked where the job asks it. */
const SOME: ReadonlySet<Feature> = new Set(['cache', 'reasoning', 'strict', 'tool_choice', 'grammar'])

function featuresFor(spec: unknown): Feature[] {
  const read = inferenceSpecSchema.safeParse(spec)
  const needed = read.success ? featuresOf(read.data) : FEATURES
  return FEATURES.filter(feature => !SOME.has(feature) || needed.includes(feature))
}

type Fields = Readonly<Record<string, unknown>>

const nameIn = (body: unknown): string => String((body as { model?: unknown } | null)?.model)
const written = (value: unknown): string => (value === undefined ? 'nothing' : canonical(value))

function compare(asked: Fields, done: Fields, hold: (field: string, a: unknown, b: unknown) => void): void {
  for (const field of new Set([...Object.keys(asked), ...Object.keys(done)])) {
    const both = asked[field] !== undefined && done[field] !== undefined
    if (SCOPED.has(field) && both) continue
    hold(field, written(asked[field]), written(done[field]))
  }
}
