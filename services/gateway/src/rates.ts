import { type Address, type Clock, type Digest, isHeddleError, type Log, ticksOf } from '@heddle/protocol'
import { z } from 'zod'

const count = z.int().min(0)
const share = z.number().min(0).max(1)
const rateSchema = z.object({
  provider: z.string().regex(/^0x[0-9a-f]{40}$/),
  model: z.string().regex(/^0x[0-9a-f]{64}$/),
  honest: count,
  dishonest: count,
  inconclusive: count,
  silent: count,
  /** Of those checks that could say: how many were honest, with the ends of its 95% interval. */
  rate: share.nullable(),
  low: share,
  high: share,
})
const ratesSchema = z.object({ rates: z.array(rateSchema).max(100_000) })

/** What a watcher found about one model of one provider. */
export type Rate = z.infer<typeof rateSchema>

/** Rates that a watcher did not confirm for so long say nothing any more. */
const GOOD_FOR = 600_000
const TIMEOUT = 5_000

const keyOf = (provider: Address, model: Digest): string => `${provider} ${model}`

/** The honest rates that this gateway's watcher found, as long as it can be asked. */
export class Rates {
  readonly #clock: Clock
  readonly #log: Log
  #url: string | undefined
  #rates: ReadonlyMap<string, Rate> = new Map()
  #readAt = Number.NEGATIVE_INFINITY

  constructor(options: { url?: string; clock: Clock; log: Log }) {
    this.#url = options.url
    this.#clock = options.clock
    this.#log = options.log
  }

  /** Takes another watcher's word from now on. */
  use(url: string): void {
    if (url === this.#url) return
    this.#url = url
    this.#rates = new Map()
  }

  /** Asks the watcher; what cannot be read leaves what is known. */
  async refresh(): Promise<void> {
    if (this.#url === undefined) return
    const url = this.#url
    try {
      const response = await fetch(new URL('/heddle/1/rates', url), { signal: AbortSignal.timeout(TIMEOUT) })
      const { rates } = ratesSchema.parse(await response.json())
      if (url !== this.#url) return
      this.#rates = new Map(rates.map(rate => [keyOf(rate.provider as Address, rate.model as Digest), rate]))
      this.#readAt = ticksOf(this.#clock)
    } catch (error) {
      const why = isHeddleError(error) ? error.code : (error as Error).name
      this.#log.warn('rates not read', { watcher: url, error: why })
    }
  }

  /** What is known of a model of a provider; nothing where no watcher says it. */
  of(provider: Address, model: Digest): Rate | undefined {
    if (ticksOf(this.#clock) - this.#readAt > GOOD_FOR) return undefined
    return this.#rates.get(keyOf(provider, model))
  }
}
