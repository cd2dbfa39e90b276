import { errorFromJson, HeddleError, type SignedReceipt } from '@heddle/protocol'

export type Message = { role: 'system' | 'user' | 'assistant'; content: string }

/** What is asked, in the words of a chat completion. */
export type Chat = {
  model: string
  messages: readonly Message[]
  max_tokens?: number
  provider?: { only?: readonly string[]; ignore?: readonly string[]; allow_fallbacks?: boolean }
}

export type Quote = {
  model: string
  provider: string
  own: boolean
  prices: Record<string, string>
  input: { usage: Record<string, number>; exact: boolean }
  most: { usage: Record<string, number>; charge: string; hed: string }
  latency?: number
}

export type Answered = {
  model: string
  choices: { message: { content: string | null }; finish_reason: string }[]
  usage: { prompt_tokens: number; completion_tokens: number }
  heddle: { receipt: string; charge: string; provider: string }
}

export type KeyState = { name: string; cap: string; spent: string; held: string; policy: string; expires?: number }
export type Listed = {
  id: string
  started: number
  model: string
  charge: string
  finish: string | null
  state: string
}
export type Stored = { receipt: SignedReceipt; provider: string | null }

/** A gateway as its API key sees it. Every error is a HeddleError: the gateway's own, or `not_running`. */
export class Gateway {
  readonly #url: string
  readonly #key: string

  constructor(url: string, key: string) {
    this.#url = url
    this.#key = key
  }

  async #call<T>(path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const response = await fetch(this.#url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${this.#key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    }).catch(cause => {
      if (signal?.aborted) throw new HeddleError('aborted', 'the client gave up', { cause })
      throw new HeddleError('not_running', `nothing answers at ${this.#url}`, { cause })
    })
    const value = (await response.json().catch(() => ({}))) as { error?: unknown }
    if (!response.ok) throw plain(errorFromJson(value.error))
    return value as T
  }

  quote = (chat: Chat, signal?: AbortSignal): Promise<Quote> => this.#call('/v1/quote', chat, signal)
  ask = (chat: Chat, signal?: AbortSignal): Promise<Answered> => this.#call('/v1/chat/completions', chat, signal)
  key = (): Promise<KeyState> => this.#call('/heddle/1/key')
  receipt = (id: string): Promise<Stored> => this.#call(`/heddle/1/receipts/${encodeURIComponent(id)}`)

  async answers(limit: number): Promise<Listed[]> {
    return (await this.#call<{ answers: Listed[] }>(`/heddle/1/answers?limit=${limit}`)).answers
  }

  async models(): Promise<
    { id: string; heddle: { context: number; prices: Record<string, string>; features: string[] } }[]
  > {
    return (await this.#call<{ data: never[] }>('/v1/models')).data
  }
}

/** A door's message ends with the fix, which an error has by itself. */
const plain = (error: HeddleError): HeddleError =>
  new HeddleError(error.code, error.message.replace(`. ${error.fix}`, '').replace(error.fix, ''))
