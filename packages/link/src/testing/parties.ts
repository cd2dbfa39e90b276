import { type Domain, signerOf } from '@heddle/protocol'
import { Answerer, type AnswererOptions } from '../answerer.ts'
import { Dialler, type DiallerOptions } from '../dialler.ts'
import { connectionPair, type TestConnection } from './pair.ts'

export const domain: Domain = { chainId: 31_337, settlement: `0x${'5e'.repeat(20)}` }
export const ann = { signer: signerOf(new Uint8Array(32).fill(1)), domain }
export const bob = { signer: signerOf(new Uint8Array(32).fill(2)), domain }

/** Ann dials Bob, over connections that the test holds in its hand. */
export function annAndBob(
  options: { ann?: Partial<DiallerOptions>; bob?: Partial<AnswererOptions>; loopback?: boolean } = {},
) {
  const connections: [TestConnection, TestConnection][] = []
  const refusals: unknown[] = []
  const line = { isUp: true }
  const answerer = new Answerer({ identity: bob, onStream: stream => stream.reset('not_found'), ...options.bob })
  const dialler = new Dialler({
    identity: ann,
    to: bob.signer.address,
    onStream: stream => stream.reset('not_found'),
    async connect() {
      if (!line.isUp) throw new Error('nobody there')
      const pair = connectionPair({ loopback: options.loopback ?? false })
      connections.push(pair)
      answerer.answer(pair[1]).catch(error => refusals.push(error))
      return pair[0]
    },
    ...options.ann,
  })
  const close = (): void => {
    dialler.close()
    answerer.close()
  }
  return { answerer, dialler, connections, refusals, line, close }
}
