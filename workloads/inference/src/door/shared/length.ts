import { HeddleError, type Model, type Quote } from '@heddle/protocol'
import { MAX_COMPLETION } from '../../limits.ts'

/** How long an answer may become, as the request says it: its field, and the tokens. */
export type Wanted = Readonly<{ field: string; tokens: number }>

/**
 * For who wants nothing cut: throws `context_exceeded` where an answer cannot become as long as it may be, beside its
 * prompt. Everybody else gets what fits, and the answer's end says that it was cut.
 */
export async function checkFits(wanted: Wanted, model: Model, quote: () => Promise<Quote>): Promise<void> {
  const { field: param, tokens } = wanted
  const tooLong = (why: string) => new HeddleError('context_exceeded', `${param}: ${why}`, { cause: { param } })
  if (tokens > MAX_COMPLETION) throw tooLong(`${tokens} tokens are above ${MAX_COMPLETION}, the most of one answer`)
  if (tokens > model.context) throw tooLong(`${tokens} tokens are above the context of ${model.context}`)
  const { input } = await quote()
  const prompt = Number(Object.values(input.used).reduce((sum, count) => sum + count, 0n))
  if (input.exact && prompt + tokens > model.context)
    throw tooLong(`${prompt} prompt + ${tokens} completion tokens are above the context of ${model.context}`)
}
