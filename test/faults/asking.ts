import { Dialler, type Identity, type Stream } from '@heddle/link'
import { dialWebSocket } from '@heddle/link/node'
import {
  type Address,
  type CallName,
  concat,
  encodeCall,
  errorFromJson,
  fromUtf8,
  isHeddleError,
  type Message,
  readMessage,
  type SignedReceipt,
  unpackReceipt,
  utf8,
} from '@heddle/protocol'

export type Ran = { output: string; receipt: SignedReceipt | undefined; raises: { ceiling: string }[]; error: unknown }

export type Posting = {
  signal?: AbortSignal
  /** Whole seconds that it would wait for a place: signs of life are sent then. */
  wait?: number
  onMessage?: (message: Message) => void
}

/** A party's own link to a provider, by which it says what it likes, right or wrong. */
export type Asking = {
  /** Gives what a call is answered with, or throws what is said against it. */
  call(name: CallName, body: unknown): Promise<unknown>
  /** Asks, and leaves what is answered unread. */
  ask(name: CallName, body: unknown): Promise<Stream>
  /** Posts a job and reads its answer to the end; `onMessage` may act on each part. Throws what is refused beforehand. */
  post(body: unknown, posting?: Posting): Promise<Ran>
  close(): void
}

/** Dials a provider as `identity`, when it first has something to say. `to` is the provider's key, where it matters whose it is. */
export function askingOf(url: string, identity: Identity, to?: Address): Asking {
  const dialler = new Dialler({
    identity,
    ...(to ? { to } : {}),
    connect: () => dialWebSocket(url),
    onStream: stream => stream.reset('bad_request'),
    // Who tests what is refused does not wait for what comes back.
    limits: { patience: 2_000 },
  })
  const opened = async (about: Uint8Array, body: unknown): Promise<Stream> => {
    const stream = (await dialler.link()).open(about)
    stream.send(utf8(JSON.stringify(body ?? {})))
    return stream
  }
  return {
    ask: (name, body) => opened(encodeCall({ call: name }), body),
    async call(name, body) {
      const stream = await opened(encodeCall({ call: name }), body)
      const last = await lastOf(stream, () => undefined)
      return JSON.parse(fromUtf8(last.payload)) as unknown
    },
    async post(body, { signal, wait, onMessage } = {}) {
      const stream = await opened(encodeCall({ call: 'job', ...(wait === undefined ? {} : { wait }) }), body)
      const leave = (): void => stream.reset('aborted')
      signal?.addEventListener('abort', leave, { once: true })
      if (signal?.aborted) leave()
      const output: Uint8Array[] = []
      const ran: Ran = { output: '', receipt: undefined, raises: [], error: undefined }
      let hasBegun = false
      const take = ({ kind, payload }: Message): void => {
        if (kind === 'output') output.push(payload)
        else if (kind === 'receipt') ran.receipt = unpackReceipt(payload)
        else if (kind === 'raise') ran.raises.push(JSON.parse(fromUtf8(payload)) as { ceiling: string })
        hasBegun = true
        onMessage?.({ kind, payload })
      }
      try {
        await lastOf(stream, take)
      } catch (error) {
        if (!hasBegun || !isHeddleError(error) || error.code === 'aborted' || error.code.startsWith('link_'))
          throw error
        ran.error = error.toJSON()
      } finally {
        signal?.removeEventListener('abort', leave)
      }
      ran.output = fromUtf8(concat(...output))
      return ran
    },
    close: () => dialler.close(),
  }
}

/** Reads an answer; gives its last message. Throws the error that it is, and what ended the stream before it. */
async function lastOf(stream: Stream, take: (message: Message) => void): Promise<Message> {
  let last: Message | undefined
  for (let some = await stream.receive(); some; some = await stream.receive())
    for (const bytes of some) {
      last = readMessage(bytes)
      if (last.kind === 'error') {
        stream.end()
        throw errorFromJson(JSON.parse(fromUtf8(last.payload)), 'internal')
      }
      take(last)
    }
  stream.end()
  if (!last) throw new Error('an answer without a word')
  return last
}
