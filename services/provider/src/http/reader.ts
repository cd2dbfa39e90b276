import type { IncomingMessage } from 'node:http'
import { domainOf, HeddleError, type Hex, recoverRead } from '@heddle/protocol'
import type { Parts } from '../parts.ts'

/** Lets only the payer of a channel read what it asked. Throws `read_refused`, `channel_unknown`. */
export async function requireReader(parts: Parts, channel: Hex, { headers }: IncomingMessage): Promise<void> {
  const signature = /^Heddle (0x[0-9a-f]{130})$/.exec(headers.authorization ?? '')?.[1] as Hex | undefined
  const { payerAuthorizer } = await parts.receiver.channel(channel)
  const reader = signature && recoverRead(domainOf(parts.terms), channel, signature)
  if (reader !== payerAuthorizer) throw new HeddleError('read_refused')
}
