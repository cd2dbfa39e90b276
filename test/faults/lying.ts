import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import {
  type ErrorCode,
  encodeFrame,
  type Frame,
  frameReader,
  fromUtf8,
  HeddleError,
  packReceipt,
  type Receipt,
  type SignedReceipt,
  signerOf,
  signReceipts,
  unpackReceipt,
  utf8,
} from '@heddle/protocol'
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
  const inFrame = ({ kind, payload }: Frame): Uint8Array => {
    if (kind !== 'receipt') return encodeFrame(kind, payload)
    return encodeFrame(kind, packReceipt(sign(unpackReceipt(payload))))
  }
  const inList = (text: string): string => {
    const { receipts } = JSON.parse(text) as { receipts: { receipt: SignedReceipt }[] }
    return JSON.stringify({ receipts: receipts.map(one => ({ ...one, receipt: sign(one.receipt) })) })
  }
  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    let path = request.url!
    const isList = /^\/heddle\/1\/channels\/0x[0-9a-f]+\/receipts/.test(path)
    // Once: after that there is nothing new.
    if (isList && lying.all) {
      path = path.replace(/after=\d+/, 'after=0')
      lying.all = false
    }
    if (lying.refuses && request.method === 'POST' && path === '/heddle/1/jobs') {
      const error = new HeddleError(lying.refuses)
      response.writeHead(error.status).end(JSON.stringify({ error: error.toJSON() }))
      return
    }
    if (lying.mute && isList) return void response.destroy()
    const { authorization } = request.headers
    const answer = await fetch(stage.url + path, {
      method: request.method!,
      headers: authorization ? { authorization } : {},
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
    })
    let body: Uint8Array = new Uint8Array(await answer.arrayBuffer())
    const type = answer.headers.get('content-type') ?? ''
    if (answer.ok && type.includes('heddle.frames')) {
      await lying.until
      const frames = frameReader().push(body).map(inFrame)
      const used = { prompt: '0', cached: '0', completion: '0' }
      if (lying.raises) frames.unshift(encodeFrame('raise', utf8(JSON.stringify({ ceiling: lying.raises, used }))))
      body = Buffer.concat(frames)
    }
    if (answer.ok && isList) body = utf8(inList(fromUtf8(body)))
    response.writeHead(answer.status, { 'content-type': type }).end(body)
  }
  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  lying.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return lying
}
