import type { IncomingMessage } from 'node:http'
import { domainOf, type Hex, recoverRead } from '@heddle/protocol'
import type { Asker } from '../calls/asker.ts'
import type { Parts } from '../parts.ts'

/** Over HTTP, whoever asks about a channel has signed for it: `authorization: Heddle 0x…`. */
export function askerOf({ terms }: Parts, { headers }: IncomingMessage): Asker {
  const signature = /^Heddle (0x[0-9a-f]{130})$/.exec(headers.authorization ?? '')?.[1] as Hex | undefined
  return channel => signature && recoverRead(domainOf(terms), channel, signature)
}
