import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { Answerer, Dialler, type Stream } from '@heddle/link'
import { answerUpgrades, dialWebSocket } from '@heddle/link/node'
import {
  type CallName,
  encodeCall,
  encodeMessage,
  type HeddleError,
  randomBytes,
  readCall,
  signerOf,
  utf8,
} from '@heddle/protocol'
import type { AnswerLimits } from '../answers.ts'
import { dialProvider } from '../dial.ts'
import type { ProviderClient } from '../provider-client.ts'

const domain = { chainId: 31_337, settlement: `0x${'5e'.repeat(20)}` } as const

type Answering = (call: CallName, stream: Stream) => void

/** A provider that says what it likes, whatever it is asked. Gives where it is. */
async function startSaying(t: TestContext, answer: Answering): Promise<string> {
  const answerer = new Answerer({
    identity: { signer: signerOf(randomBytes(32)), domain },
    onStream: stream => answer(readCall(stream.about).call, stream),
  })
  const server = createServer()
  server.on('upgrade', answerUpgrades(answerer))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    answerer.close()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A client of a provider that says what it likes. */
export async function clientOf(t: TestContext, answer: Answering, limits?: AnswerLimits): Promise<ProviderClient> {
  const client = dialProvider(await startSaying(t, answer), {
    identity: { signer: signerOf(randomBytes(32)), domain },
    ...(limits ? { limits } : {}),
  })
  t.after(() => client.close())
  return client
}

/** Opens streams to a provider that answers them by script. */
export async function streamsTo(t: TestContext, answer: (stream: Stream) => void): Promise<() => Promise<Stream>> {
  const url = await startSaying(t, (_, stream) => answer(stream))
  const dialler = new Dialler({
    identity: { signer: signerOf(randomBytes(32)), domain },
    connect: () => dialWebSocket(url),
    onStream: stream => stream.reset('bad_request'),
  })
  t.after(() => dialler.close())
  return async () => (await dialler.link()).open(encodeCall({ call: 'job' }))
}

/** Answers with JSON, or whatever bytes, and ends. */
export function say(stream: Stream, body: string | Uint8Array): void {
  stream.send(encodeMessage('answer', typeof body === 'string' ? utf8(body) : body))
  stream.end()
}

export function refuse(stream: Stream, error: HeddleError): void {
  stream.send(encodeMessage('error', utf8(JSON.stringify(error.toJSON()))))
  stream.end()
}
