import type { TestContext } from 'node:test'
import {
  type ErrorCode,
  encodeMessage,
  fromUtf8,
  HeddleError,
  type Message,
  packReceipt,
  type Receipt,
  type SignedReceipt,
  signerOf,
  signReceipts,
  unpackReceipt,
  utf8,
} from '@heddle/protocol'
import { startBetween } from '../link/between.ts'
import type { Stage } from './stage.ts'

/** What a provider signs in the place of a receipt; nothing for the receipt as it is. */
export type Lie = (receipt: Receipt) => Partial<Receipt> | undefined

/**
 * A provider that lies before it signs: it passes on what an honest one says, and signs its receipts anew, with the same
 * key. With `lie` undefined it is honest. `spoil` is what it does to a receipt after it was signed; `all` has it tell all
 * receipts of a channel, whatever is asked for; `refuses` is what it says to every job; `raises` is the
 * ceiling that it asks for before every answer; while it is `mute` it tells no receipts but those of answers; what it answers to
 * a job comes when `until` is there.
 */
export async function startLying(t: TestContext, stage: Stage) {
  const signer = signerOf(stage.keys.receipt)
  const lying = {
    url: '',
    all: false,
    lie: undefined as Lie | undefined,
    refuses: undefined as ErrorCode | undefined,
    raises: undefined as string | undefined,
    mute: false,
    until: undefined as Promise<unknown> | undefined,
    spoil: (signed: SignedReceipt): SignedReceipt => signed,
  }
  const sign = (signed: SignedReceipt): SignedReceipt => {
    const changes = lying.lie?.(signed.receipt)
    return lying.spoil(changes ? signReceipts([{ ...signed.receipt, ...changes }], signer)[0]! : signed)
  }
  const signedAnew = ({ kind, payload }: Message): Message =>
    kind === 'receipt' ? { kind, payload: packReceipt(sign(unpackReceipt(payload))) } : { kind, payload }
  const inList = ({ kind, payload }: Message): Message => {
    if (kind !== 'answer') return { kind, payload }
    const { receipts } = JSON.parse(fromUtf8(payload)) as { receipts: { receipt: SignedReceipt }[] }
    const lies = receipts.map(one => ({ ...one, receipt: sign(one.receipt) }))
    return { kind, payload: utf8(JSON.stringify({ receipts: lies })) }
  }
  const raise = (ceiling: string): Message => {
    const used = { prompt: '0', cached: '0', completion: '0' }
    return { kind: 'raise', payload: utf8(JSON.stringify({ ceiling, used })) }
  }
  lying.url = await startBetween(t, stage, {
    instead(call, stream) {
      if (call === 'job' && lying.refuses) {
        stream.send(encodeMessage('error', utf8(JSON.stringify(new HeddleError(lying.refuses).toJSON()))))
        stream.end()
        return true
      }
      if (call !== 'receipts' || !lying.mute) return false
      stream.reset('aborted')
      return true
    },
    ask(call, body) {
      if (call !== 'receipts' || !lying.all) return body
      // Once: after that there is nothing new.
      lying.all = false
      return { ...body, after: 0 }
    },
    async tell(call, message) {
      if (call === 'receipts') return [inList(message)]
      if (call !== 'job' && call !== 'output') return [message]
      if (call === 'job') await lying.until
      // What comes in one turn is one message: of a short answer that is all of it.
      const isOutput = call === 'job' && lying.raises !== undefined && message.kind === 'output'
      return [...(isOutput ? [raise(lying.raises!)] : []), signedAnew(message)]
    },
  })
  return lying
}
