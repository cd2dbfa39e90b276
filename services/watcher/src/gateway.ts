import { errorFromJson, HeddleError, type Hex } from '@heddle/protocol'
import { type ClaimTold, type Opened, type RefusedSeen, readClaim, readOpened, readRefused } from '@heddle/sdk'
import { z } from 'zod'

const digest = z.string().regex(/^0x[0-9a-f]{64}$/)
const seenSchema = z.object({
  id: digest,
  apiKey: z.string().nullable(),
  provider: z.string().regex(/^0x[0-9a-f]{40}$/),
  /** The model's digest, and what it is called. */
  model: z.string(),
  name: z.string(),
  started: z.number(),
  finished: z.number(),
  usage: z.record(z.string(), z.string()),
  /** Unix seconds. */
  expires: z.number(),
  settings: z.record(z.string(), z.unknown()),
  /**
   * Where its key lets it be asked again: digests of how it begins (system messages, cache tag), of all of its text, of
   * that of the turn that it goes on from, and of the signature that it may share with what was asked at once.
   */
  again: z.object({ begins: digest, asks: digest, after: digest.optional(), together: digest }).optional(),
})
const feedSchema = z.object({ receipts: z.array(seenSchema), next: z.int().min(0) })
const claimsSchema = z.object({ claims: z.array(z.unknown()), next: z.int(), head: z.int() })
const refusedSchema = z.object({ refused: z.array(z.unknown()), next: z.int().min(0) })
const questionSchema = z.object({ workload: z.string(), spec: z.record(z.string(), z.unknown()) })
const providersSchema = z.object({
  providers: z.array(
    z.object({ address: z.string().nullable(), own: z.boolean(), up: z.boolean(), models: z.array(z.string()) }),
  ),
})

/** A model that somebody serves now. */
export type Served = Readonly<{ provider: string; model: string }>

/** A receipt as the gateway lists it: how it was asked, and no word of what. */
export type Seen = z.infer<typeof seenSchema>

const TIMEOUT = 60_000
/** A canary's answer may take as long as anybody's. */
const ASKING = 300_000

/** The gateway whose traffic is watched. Throws what it says, or `not_running`. */
export class WatchedGateway {
  readonly url: string
  readonly #token: string
  readonly #apiKey: string | undefined

  /** `apiKey` is an ordinary key, for canaries. */
  constructor(options: { url: string; adminToken: string; apiKey?: string }) {
    this.url = options.url
    this.#token = options.adminToken
    this.#apiKey = options.apiKey
  }

  async #call(
    path: string,
    options: { token?: string; method?: string; body?: unknown; timeout?: number; signal?: AbortSignal } = {},
  ): Promise<unknown> {
    const { token = this.#token, method = 'GET', body, timeout = TIMEOUT, signal } = options
    const limit = AbortSignal.timeout(timeout)
    const response = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    }).catch(cause => {
      throw new HeddleError('not_running', `nothing answers at ${this.url}`, { cause })
    })
    const value: unknown = await response.json().catch(cause => {
      throw new HeddleError('not_running', 'an answer without its end', { cause })
    })
    if (!response.ok) throw errorFromJson((value as { error?: unknown }).error)
    return value
  }

  /** Receipts after the first `after` that it stored. */
  async receipts(after: number, signal: AbortSignal): Promise<{ receipts: Seen[]; next: number }> {
    const parsed = feedSchema.safeParse(await this.#call(`/heddle/1/receipts?after=${after}`, { signal }))
    if (!parsed.success) throw new HeddleError('not_running', 'not a gateway of this version')
    return parsed.data
  }

  /** All that a check needs of a receipt, each part held against it. */
  async open(id: string, signal: AbortSignal): Promise<Opened> {
    return readOpened(await this.#call(`/heddle/1/receipts/${id as Hex}/evidence`, { signal }))
  }

  /** Claims on its channels after a block, or those on one of them, in order; `head` is the last block that it saw. */
  async claims(
    { after, channel }: { after: number; channel?: Hex },
    signal: AbortSignal,
  ): Promise<{ claims: ClaimTold[]; next: number; head: number }> {
    const query = `${after < 0 ? '' : `after=${after}&`}${channel ? `channel=${channel}` : ''}`
    const { claims, ...rest } = claimsSchema.parse(await this.#call(`/heddle/1/claims?${query}`, { signal }))
    return { claims: claims.map(readClaim), ...rest }
  }

  /** Receipts that it refused although they are signed, after the first `after`. */
  async refused(after: number, signal: AbortSignal): Promise<{ refused: RefusedSeen[]; next: number }> {
    const { refused, next } = refusedSchema.parse(await this.#call(`/heddle/1/refused?after=${after}`, { signal }))
    return { refused: refused.map(readRefused), next }
  }

  /** Who serves what, apart from the house itself. */
  async served(signal: AbortSignal): Promise<Served[]> {
    const { providers } = providersSchema.parse(await this.#call('/heddle/1/providers', { signal }))
    return providers
      .filter(({ own, up }) => up && !own)
      .flatMap(({ address, models }) => (address === null ? [] : models.map(model => ({ provider: address, model }))))
  }

  /** What was asked, word for word. Throws `forbidden` where its key does not let it be asked again any more. */
  async question(id: string, signal: AbortSignal): Promise<{ workload: string; spec: Record<string, unknown> }> {
    return questionSchema.parse(await this.#call(`/heddle/1/receipts/${id as Hex}/question`, { signal }))
  }

  /** Asks as anybody would. Gives the answer as JSON. */
  ask(path: string, body: unknown, signal: AbortSignal): Promise<unknown> {
    return this.#call(path, { token: this.#apiKey ?? '', method: 'POST', body, timeout: ASKING, signal })
  }

  /** Tells it where the rates are. */
  async announce(url: string, signal: AbortSignal): Promise<void> {
    await this.#call('/heddle/1/admin/watcher', { method: 'PUT', body: { url }, signal })
  }
}
