import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { Answerer, Dialler, type Link, type Stream } from '@heddle/link'
import { answerUpgrades, dialWebSocket } from '@heddle/link/node'
import {
  type Address,
  type CallName,
  encodeMessage,
  fromUtf8,
  type Message,
  readCall,
  readMessage,
  signerOf,
  utf8,
} from '@heddle/protocol'
import { authorizerOf } from '../faults/gateway-stage.ts'
import type { Stage } from '../faults/stage.ts'

/** What whoever stands between does to what passes; what it leaves out passes as it is. */
export type Hooks = {
  /** What is asked in the place of this. */
  ask?(call: CallName, body: Record<string, unknown>): Record<string, unknown>
  /** What is told in the place of this message of the provider. */
  tell?(call: CallName, message: Message): readonly Message[] | Promise<readonly Message[]>
  /** Answers a call by itself; nothing is asked then. Gives whether it did. */
  instead?(call: CallName, stream: Stream): boolean
}

/**
 * Somebody who holds a provider's key and answers gateways in its place: it asks the provider itself, in the gateway's name, and tells
 * what it likes of what it hears. Its connection to the provider drops together with that of the gateway.
 */
export async function startBetween(t: TestContext, { url, keys, payer, provider }: Stage, hooks: Hooks) {
  const { domain } = payer
  const diallers = new Map<Address, Dialler>()
  const farOf = (peer: Address, near: Link): Promise<Link> => {
    const known = diallers.get(peer)
    if (known) return known.link()
    const dialler = new Dialler({
      identity: { signer: signerOf(authorizerOf(peer)), domain },
      to: provider.address,
      connect: () => dialWebSocket(url),
      onStream: stream => stream.reset('bad_request'),
      onOver: () => near.close('link_lost'),
    })
    diallers.set(peer, dialler)
    return dialler.link()
  }
  const answerer = new Answerer({
    identity: { signer: signerOf(keys.receipt), domain },
    onStream: (stream, link) =>
      void pass(stream, link.peer, hooks, url, () => farOf(link.peer, link)).catch(() => stream.reset('internal')),
    onOver: ({ peer }) => {
      diallers.get(peer)?.close()
      diallers.delete(peer)
    },
  })
  const server = createServer((_, response) => response.writeHead(404).end())
  server.on('upgrade', answerUpgrades(answerer))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    answerer.close()
    for (const dialler of diallers.values()) dialler.close()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function pass(near: Stream, _: Address, hooks: Hooks, url: string, farOf: () => Promise<Link>): Promise<void> {
  const { call } = readCall(near.about)
  if (hooks.instead?.(call, near)) return
  const [first] = (await near.receive()) ?? []
  if (!first) return near.reset('bad_request')
  const body = JSON.parse(fromUtf8(first)) as Record<string, unknown>
  if (call === 'offers') return offers(near, body, hooks, url)
  const far = (await farOf()).open(near.about)
  far.send(hooks.ask ? utf8(JSON.stringify(hooks.ask(call, body))) : first)
  void onward(near, far)
  try {
    for (let some = await far.receive(); some; some = await far.receive())
      for (const bytes of some) await tell(near, call, readMessage(bytes), hooks)
    near.end()
  } catch (error) {
    near.reset(/^[a-z_]+$/.test((error as Error).message) ? (error as Error).message : 'aborted')
  }
}

async function tell(near: Stream, call: CallName, message: Message, { tell }: Hooks): Promise<void> {
  for (const one of tell ? await tell(call, message) : [message]) near.send(encodeMessage(one.kind, one.payload))
  await near.ready()
}

/** Public facts are asked for over HTTP: whoever stands between has no link as long as nothing else is asked. */
async function offers(near: Stream, body: Record<string, unknown>, hooks: Hooks, url: string): Promise<void> {
  const payer = typeof body['payer'] === 'string' ? `?payer=${body['payer']}` : ''
  const payload = new Uint8Array(await (await fetch(`${url}/heddle/1/offers${payer}`)).arrayBuffer())
  await tell(near, 'offers', { kind: 'answer', payload }, hooks)
  near.end()
}

/** What the gateway says after its first message: that it leaves, or that it has heard the end. */
async function onward(near: Stream, far: Stream): Promise<void> {
  try {
    while (await near.receive());
    far.end()
  } catch {
    far.reset('aborted')
  }
}
