import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { Answerer, Dialler, type Link, type Stream } from '@heddle/link'
import { answerUpgrades, dialWebSocket } from '@heddle/link/node'
import {
  type Address,
  type CallName,
  type Domain,
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

/** What whoever stands between does to what passes; what it leaves out passes as it is. `stream` tells calls apart. */
export type Hooks = {
  /** What is asked in the place of this. */
  ask?(call: CallName, body: Record<string, unknown>, stream: Stream): Record<string, unknown>
  /** What is told in the place of this message of the provider. */
  tell?(call: CallName, message: Message, stream: Stream): readonly Message[] | Promise<readonly Message[]>
  /** Answers a call by itself; nothing is asked then. Gives whether it did. */
  instead?(call: CallName, stream: Stream): boolean
  /** It is over, however it ended. */
  over?(call: CallName, stream: Stream): void
}

/** The two sides that somebody stands between, and the secrets by which it is taken for either. */
export type Sides = {
  /** Where the provider is. */
  url: string
  receipt: Uint8Array
  domain: Domain
  /** The key that signs the jobs of a gateway. */
  authorizerOf(peer: Address): Uint8Array
}

/**
 * Somebody who holds a provider's key and answers gateways in its place: it asks the provider itself, in the gateway's name, and tells
 * what it likes of what it hears. When the provider goes away, so does its connection with the gateway, and while the provider cannot be
 * reached neither can it.
 */
export async function standBetween({ url, receipt, domain, authorizerOf }: Sides, hooks: Hooks) {
  const provider = signerOf(receipt)
  const fars = new Map<Address, { dialler: Dialler; isUp: boolean }>()
  const farOf = (near: Link): Promise<Link> => {
    const known = fars.get(near.peer)
    if (known) return known.dialler.link()
    const far = {
      isUp: true,
      dialler: new Dialler({
        identity: { signer: signerOf(authorizerOf(near.peer)), domain },
        to: provider.address,
        connect: async () => {
          const connection = await dialWebSocket(url)
          far.isUp = true
          return connection
        },
        onStream: stream => stream.reset('bad_request'),
        onDrop() {
          far.isUp = false
          near.drop()
        },
        onOver: () => near.close('link_lost'),
      }),
    }
    fars.set(near.peer, far)
    return far.dialler.link()
  }
  const answerer = new Answerer({
    identity: { signer: provider, domain },
    onStream: (stream, link) => void pass(stream, hooks, url, () => farOf(link)).catch(() => stream.reset('link_lost')),
    onOver({ peer }) {
      fars.get(peer)?.dialler.close()
      fars.delete(peer)
    },
  })
  const server = createServer((_, response) => response.writeHead(404).end())
  const upgrade = answerUpgrades(answerer)
  server.on('upgrade', (request, socket, head) => {
    if ([...fars.values()].some(({ isUp }) => !isUp)) socket.destroy()
    else upgrade(request, socket, head)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close(): void {
      answerer.close()
      for (const { dialler } of fars.values()) dialler.close()
      server.close()
    },
  }
}

/** Somebody between a provider on the stage and the gateways before it, until the test ends. Gives where it is. */
export async function startBetween(t: TestContext, stage: Stage, hooks: Hooks): Promise<string> {
  const { url, keys, payer } = stage
  const between = await standBetween({ url, receipt: keys.receipt, domain: payer.domain, authorizerOf }, hooks)
  t.after(between.close)
  return between.url
}

async function pass(near: Stream, hooks: Hooks, url: string, farOf: () => Promise<Link>): Promise<void> {
  const { call } = readCall(near.about)
  if (hooks.instead?.(call, near)) return
  try {
    const [first] = (await near.receive()) ?? []
    if (!first) return near.reset('bad_request')
    const body = JSON.parse(fromUtf8(first)) as Record<string, unknown>
    if (call === 'offers') return await offers(near, body, hooks, url)
    const far = (await farOf()).open(near.about)
    far.send(hooks.ask ? utf8(JSON.stringify(hooks.ask(call, body, near))) : first)
    void onward(near, far)
    try {
      for (let some = await far.receive(); some; some = await far.receive())
        for (const bytes of some) await tell(near, call, readMessage(bytes), hooks)
      near.end()
    } catch (error) {
      near.reset(/^[a-z_]+$/.test((error as Error).message) ? (error as Error).message : 'aborted')
    }
  } finally {
    hooks.over?.(call, near)
  }
}

async function tell(near: Stream, call: CallName, message: Message, { tell }: Hooks): Promise<void> {
  for (const one of tell ? await tell(call, message, near) : [message]) near.send(encodeMessage(one.kind, one.payload))
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
