import type { Amount } from './amount.ts'
import type { Digest } from './digest.ts'
import type { HeddleError } from './errors/heddle-error.ts'
import type { Offer } from './offer.ts'
import { usageFromJson } from './price.ts'
import type { SignedReceipt } from './receipt/receipt.ts'
import type { Alive, Finish, Usage } from './workload.ts'

/** What the network says at the end of an answer, once its receipt is stored. */
export type Settlement = {
  finish: Finish
  used: Usage
  charge: Amount
  /** The receipt's id, which is the job's id. */
  receipt: Digest
  provider: string
}

/** What a receipt says of an answer, in the words of a door. */
export const settlementOf = ({ receipt }: SignedReceipt): Settlement => ({
  finish: receipt.finish,
  used: usageFromJson(receipt.usage),
  charge: BigInt(receipt.charge),
  receipt: receipt.id,
  provider: receipt.provider,
})

/** An answer whose first bytes are on their way. */
export type Answer = {
  id: Digest
  /** The model that answers. */
  model: Model
  /** Output bytes as they arrive. Throws a HeddleError when the answer breaks off. */
  deltas: AsyncIterable<Uint8Array>
  /** Resolves after the last delta, when the receipt is verified and durable. Never rejects before `deltas` throws. */
  done: Promise<Settlement>
}

/** What an asker says about who may answer; everything left out means "any". Providers are named by their address. */
export type Routing = {
  /** Asked in this order, before all others. */
  order?: readonly string[]
  only?: readonly string[]
  ignore?: readonly string[]
  /** False: nobody but the first choice is asked. */
  fallbacks?: boolean
  /** Most that one of a unit may cost, in base units. */
  maxPrice?: Readonly<Record<string, Amount>>
  quantizations?: readonly string[]
  /** Least honest rate, 0 … 1: the lower end of the interval that checks found. */
  minHonestRate?: number
  sort?: 'price' | 'latency' | 'throughput'
}

/** One question in the words of a workload; `spec` has passed the workload's schema. */
export type Question = {
  workload: string
  /** The model to ask, and those to fall back on, the best first. */
  models: readonly [string, ...string[]]
  spec: unknown
  routing?: Routing
  /** What fixes the answer's randomness, where the asker brings it: then nobody between it and the provider can choose. */
  nonce?: Digest
}

export type Model = {
  id: string
  digest: Digest
  context: number
  prices: Readonly<Record<string, string>>
  features: readonly string[]
  quantization?: string
}

/** What an offer serves, in the words of a door. */
export const modelOf = ({ serves, limits, prices, features }: Offer): Model => ({
  id: serves.name,
  digest: serves.digest,
  context: limits['context'] ?? 0,
  prices,
  features,
  ...(serves.quantization ? { quantization: serves.quantization } : {}),
})

/**
 * Whether a name means a model by its own name; one without a tag means the latest, as engines that have tags do.
 *
 * @example
 * ```ts
 * import { meansModel } from '@heddle/protocol'
 * meansModel('llama3.2', 'llama3.2:latest') // true
 * meansModel('llama3.2', 'llama3.2:1b') // false
 * ```
 */
export const meansModel = (name: string, id: string): boolean => id === name || id === `${name}:latest`

/** What an answer would cost, and from whom, if it were asked for now. */
export type Quote = {
  model: string
  provider: string
  /** True for an engine of the asker's own house. */
  own: boolean
  prices: Readonly<Record<string, string>>
  /** What the input uses: counted by the engine, or at most. */
  input: { used: Usage; exact: boolean }
  /** Most that the whole answer can use and cost. */
  most: { used: Usage; charge: Amount }
  /** Smoothed milliseconds to the first byte, where measured. */
  latency?: number
}

/** What a door needs of the house behind it: a gateway gives the network, a provider its own worker. */
export type House = {
  models(): readonly Model[]
  /** Why whoever asks may not have a model that is not among `models`; nothing where it is not here at all. */
  refusal?(model: string): HeddleError | undefined
  /** Whoever asks wants every field honoured or refused: nothing is passed over. */
  strict?: boolean
  /**
   * Rejects with a HeddleError while nothing has been delivered yet. Until then, and in the pauses of an answer, `alive`
   * hears now and then how the question stands: a place in a queue, a load, work.
   */
  ask(question: Question, signal: AbortSignal, alive?: (sign: Alive) => void): Promise<Answer>
  /** Throws what `ask` would throw before anything runs. */
  quote(question: Question, signal: AbortSignal): Promise<Quote>
}

/** How a stream shows that it lives while there is nothing to send. */
export type Pulse = {
  /** Milliseconds of silence after which it says so. */
  every: number
  /** False where the status of the answer is the house's to say: then nothing is sent before the house has answered. */
  ahead: boolean
}

/** One HTTP exchange, as thin as the token path needs it. `signal` aborts when the client goes away. */
export type Exchange = {
  params: Readonly<Record<string, string>>
  /** The parsed JSON body; bounded in size and depth by the edge. */
  body: unknown
  /** A header of the request, by its name in lower case. */
  header(name: string): string | undefined
  signal: AbortSignal
  /** Who asks, as the edge authenticated it. */
  house: House
  /** Nothing where streams are silent until there is something to send. */
  pulse?: Pulse
  json(status: number, value: unknown, headers?: Readonly<Record<string, string>>): void
  /** Starts a stream; `write` gives false when the client should be waited for with `drained`. */
  stream(
    status: number,
    headers: Readonly<Record<string, string>>,
  ): {
    write(text: string): boolean
    drained(): Promise<void>
    end(text?: string): void
  }
}

export type Route = {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  handle(exchange: Exchange): Promise<void> | void
}

/** HTTP ⇄ spec and chunks, in the words of an API that people already use. */
export interface Door {
  routes: readonly Route[]
  /** An error in this API's own shape. */
  error(error: unknown): { status: number; body: unknown; headers?: Readonly<Record<string, string>> }
}
