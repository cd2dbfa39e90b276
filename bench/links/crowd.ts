/**
 * A process of providers that dial one gateway and then have nothing to say: HEDDLE_CROWD of them, at HEDDLE_GATEWAY. Says when all of
 * them have their link.
 */
import { Dialler } from '@heddle/link'
import { dialWebSocket } from '@heddle/link/node'
import { encodeMessage, SETTLEMENT_ADDRESS, utf8 } from '@heddle/protocol'
import { memberOf } from './members.ts'

const count = Number(process.env['HEDDLE_CROWD'])
const gateway = process.env['HEDDLE_GATEWAY']!
const domain = { chainId: Number(process.env['HEDDLE_CHAIN_ID']), settlement: SETTLEMENT_ADDRESS }
const nothing = encodeMessage('answer', utf8('{"offers":[]}'))
/** Handshakes that go on at once: each is four signatures. */
const AT_ONCE = 32

const diallers = Array.from({ length: count }, (_, i) => {
  const dialler = new Dialler({
    identity: { signer: memberOf(i), domain },
    connect: () => dialWebSocket(gateway, { milliseconds: 60_000 }),
    limits: { handshake: 60_000 },
    onStream(stream) {
      stream.send(nothing)
      stream.end()
    },
  })
  return dialler
})
let next = 0
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let dialler = diallers[next++]; dialler; dialler = diallers[next++]) await dialler.link()
  }),
)
process.send?.({ ready: true })
process.on('disconnect', () => process.exit(0))
