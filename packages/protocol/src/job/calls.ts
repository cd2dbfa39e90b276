import { fromUtf8, utf8 } from '../bytes.ts'
import { canonical } from '../canonical.ts'
import { HeddleError } from '../errors/heddle-error.ts'

/**
 * What a payer asks of a provider on a link, each on a stream of its own: the stream is opened with the call, its first
 * message is what it takes, as JSON, and the answer is one message of the kind `answer`, or `error`. A `job` is answered with the
 * messages that its answer is made of, the last of them `receipt` or `error`.
 *
 * Who asks is whoever made the link: nothing has to be signed in order to read what belongs to its channels.
 */
export const CALLS = [
  'offers',
  'channel',
  'voucher',
  'receipts',
  'count',
  'job',
  'stop',
  'state',
  'output',
  'evidence',
] as const
export type CallName = (typeof CALLS)[number]

/** A call as its stream is opened with it. `wait`, of a job: whole seconds that it would wait for a place; it understands `alive` then. */
export type Call = { call: CallName; wait?: number }

const names: ReadonlySet<string> = new Set(CALLS)
const MOST_WAIT = 999_999

/**
 * @example
 * ```ts
 * import { encodeCall, fromUtf8 } from '@heddle/protocol'
 * fromUtf8(encodeCall({ call: 'job', wait: 30 })) // '{"call":"job","wait":30}'
 * ```
 */
export const encodeCall = (call: Call): Uint8Array => utf8(canonical(call))

/** Reads what a stream was opened with. Members that are not known here are passed over. Throws `bad_request`. */
export function readCall(about: Uint8Array): Call {
  const { call, wait } = objectOf(about)
  if (typeof call !== 'string' || !names.has(call))
    throw new HeddleError('bad_request', `call: one of ${CALLS.join(', ')}`)
  if (wait === undefined) return { call: call as CallName }
  if (!Number.isInteger(wait) || (wait as number) < 0 || (wait as number) > MOST_WAIT)
    throw new HeddleError('bad_request', 'wait: whole seconds')
  return { call: call as CallName, wait: wait as number }
}

function objectOf(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(fromUtf8(bytes))
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {}
  throw new HeddleError('bad_request', 'a stream is opened with a JSON object')
}

/**
 * Kinds of messages that a provider answers with: `output` carries bytes of a job's answer, `raise` a request for a higher ceiling,
 * `receipt` the signed receipt, packed (always last on success), `error` an error (always last otherwise), `answer` what any other call
 * gives. `alive` says how a job stands while there is nothing else to say; only whoever would wait for a place is sent any.
 */
export const MESSAGE_KINDS = { output: 1, raise: 2, receipt: 3, error: 4, alive: 5, answer: 6 } as const
export type MessageKind = keyof typeof MESSAGE_KINDS
export type Message = { kind: MessageKind; payload: Uint8Array }

const kinds: readonly (MessageKind | undefined)[] = Object.entries(MESSAGE_KINDS).reduce(
  (all: (MessageKind | undefined)[], [name, byte]) => {
    all[byte] = name as MessageKind
    return all
  },
  [],
)

/** A message: one byte of kind, and the payload. */
export function encodeMessage(kind: MessageKind, payload: Uint8Array): Uint8Array {
  const message = new Uint8Array(1 + payload.length)
  message[0] = MESSAGE_KINDS[kind]
  message.set(payload, 1)
  return message
}

/** Reads a message; its payload is a view of it. Throws `receipt_mismatch` for what is none. */
export function readMessage(message: Uint8Array): Message {
  const kind = kinds[message[0] ?? 0]
  if (!kind) throw new HeddleError('receipt_mismatch', 'the stream is not made of messages')
  return { kind, payload: message.subarray(1) }
}
