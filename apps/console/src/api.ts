import type { HeddleError } from '@heddle/protocol'
import { errorFromJson } from '@heddle/protocol'

/** What the gateway says of itself, as its JSON has it: amounts are decimal strings of base units. */
export type Status = {
  payer: string
  asset: string
  chain: { id: number; up: boolean; devnet: boolean }
  wallet: string | null
  keys: Key[]
  channels: Channel[]
  providers: Provider[]
}

export type Key = {
  name: string
  cap: string
  spent: string
  held: string
  created: number
  /** Unix milliseconds: until when it is good, since when it is refused. */
  expires?: number
  revoked?: number
}

export type Channel = {
  id: string
  provider: string
  ceiling: string
  charged: string
  sequence: number
  balance: string
  claimed: string
  withdrawing: boolean
}

export type Provider = {
  endpoint: string
  address: string | null
  up: boolean
  latency: number | null
  running: number
  failure: string | null
  models: string[]
  prices: Record<string, string>
}

export type Answer = {
  id: string
  state: string
  asked: unknown
  answer: string
  started: number
  finished: number
  charge: string
  usage: Record<string, string>
  finish: string | null
  provider: string | null
  model: string
}

/** A receipt and what the gateway stored beside it. Nothing in it is trusted before it is checked. */
export type Stored = {
  receipt: unknown
  /** The provider's key that this gateway pinned. */
  provider: string | null
  answer?: Answer
  job?: unknown
  offer?: unknown
}

/** The gateway was not reached at all; what it answered otherwise is a HeddleError. */
export class Unreachable extends Error {}

const PATIENCE = 4_000

/** Fetches JSON of this gateway. Throws Unreachable, or the error that the gateway names. */
export async function load<T>(path: string): Promise<T> {
  let response: Response
  let body: unknown
  try {
    response = await fetch(path, { signal: AbortSignal.timeout(PATIENCE), cache: 'no-store' })
    body = await response.json()
  } catch (cause) {
    throw new Unreachable('The gateway does not answer.', { cause })
  }
  if (!response.ok) throw errorOf(body)
  return body as T
}

const errorOf = (body: unknown): HeddleError => errorFromJson((body as { error?: unknown } | null)?.error)
