import { type Address, HeddleError, type Hex } from '@heddle/protocol'
import type { Parts } from '../parts.ts'

/** Lets only the payer of a channel read what it asked. `asker` is who the handshake of a link says. Throws `read_refused`, `channel_unknown`. */
export async function requireReader(parts: Parts, channel: Hex, asker: Address): Promise<void> {
  const { payerAuthorizer } = await parts.receiver.channel(channel)
  if (asker !== payerAuthorizer) throw new HeddleError('read_refused')
}
