import type { Metrics } from '@heddle/daemon'
import {
  type Alive,
  type Answer,
  digestOf,
  HeddleError,
  type House,
  meansModel,
  type Question,
  toHeddleError,
  utf8,
  type Workload,
} from '@heddle/protocol'
import type { Book, Consumer } from '@heddle/sdk'
import type { Key } from './keys.ts'

type Behind = {
  book: Book
  consumer: Consumer
  workloads: ReadonlyMap<string, Workload<unknown>>
  tags: Tags
  metrics: Metrics
}

/**
 * What a door has behind it when this key asks: own engines and the network, within the key's terms.
 */
export function houseOf({ book, consumer, workloads, tags, metrics }: Behind, key: Key): House {
  const { terms, purse } = key
  const allowed = (model: string): boolean => terms.models?.some(one => meansModel(one, model)) ?? true

  /** Why this key does not get a model that the house has. */
  const refusal = (model: string): HeddleError | undefined => {
    if (!book.models().some(({ id }) => meansModel(model, id))) return undefined
    if (!allowed(model)) {
      const why = `the key may ask ${terms.models?.join(', ')}, and not ${model}`
      return new HeddleError('model_refused', why, { cause: { param: 'model' } })
    }
    const who = purse.policy === 'own-only' ? 'no own engine' : 'nobody but an own engine'
    const why = `policy: the key is ${purse.policy}, and ${who} has ${model}`
    return new HeddleError('routing_unmatched', why, { cause: { param: 'model', rule: 'policy' } })
  }

  const prepare = (question: Question): { workload: Workload<unknown>; asked: Question } => {
    const workload = workloads.get(question.workload)
    if (!workload) throw new HeddleError('not_found', `no workload ${question.workload}`)
    const [first, ...others] = question.models.filter(allowed)
    if (first === undefined) {
      throw (
        refusal(question.models[0]) ??
        new HeddleError('model_unknown', question.models[0], { cause: { param: 'model' } })
      )
    }
    return { workload, asked: { ...question, models: [first, ...others], spec: scoped(question.spec, key.id, tags) } }
  }
  /** Tokens are taken for the most that any choice may use, and what was not used is given back. */
  const reserve = (workload: Workload<unknown>, question: Question): ((used: bigint) => void) => {
    if (terms.tokens === undefined) return () => undefined
    const choices = book.choose(workload, question, purse)
    const most = choices.map(({ offer }) => sum(workload.total(question.spec, offer))).reduce(larger, 0n)
    const taken = key.tokens(most)
    return used => taken.giveBack(Number(most - used))
  }
  const ask = async (question: Question, signal: AbortSignal, alive?: (sign: Alive) => void): Promise<Answer> => {
    const failed = (error: unknown): void => metrics.add(`questions_failed_total{code="${toHeddleError(error).code}"}`)
    metrics.add('questions_total')
    let settle: (used: bigint) => void = () => undefined
    try {
      const { workload, asked } = prepare(question)
      key.request()
      settle = reserve(workload, asked)
      const answer = await consumer.ask(workload, asked, purse, signal, alive)
      answer.done.then(({ used }) => {
        metrics.add('answers_total')
        settle(sum(used))
      }, failed)
      return answer
    } catch (error) {
      failed(error)
      settle(0n)
      throw error
    }
  }
  return {
    ...(terms.strict && { strict: true }),
    refusal,
    models: () => book.models(purse.policy).filter(({ id }) => allowed(id)),
    ask,
    async quote(question) {
      const { workload, asked } = prepare(question)
      key.request()
      return consumer.quote(workload, asked, purse)
    },
  }
}

const sum = (usage: Readonly<Record<string, bigint>>): bigint =>
  Object.values(usage).reduce((total, count) => total + count, 0n)
const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b)

/** A cache tag means something to the key that gave it alone: what two keys ask never shares an engine's memory. */
export function scoped(spec: unknown, keyId: string, tags?: Tags): unknown {
  const { cache } = spec as { cache?: unknown }
  if (typeof cache !== 'string') return spec
  const own = tags?.lent(cache) ?? digestOf(utf8(JSON.stringify([keyId, cache]))).slice(2)
  return { ...(spec as object), cache: own }
}

const MOST_LENT = 1_000

/**
 * Tags that were lent for questions to be asked again: whoever is asked then sees the tag that it knows. Each is lent to
 * whoever can name it, which are this house and those who were sent it.
 */
export class Tags {
  readonly #lent = new Map<string, string>()

  /** From now on the tag made of this one is this one. */
  lend(tag: string): void {
    this.#lent.set(digestOf(utf8(tag)).slice(2), tag)
    for (const old of this.#lent.keys()) {
      if (this.#lent.size <= MOST_LENT) break
      this.#lent.delete(old)
    }
  }

  lent(cache: string): string | undefined {
    return this.#lent.get(cache)
  }
}
