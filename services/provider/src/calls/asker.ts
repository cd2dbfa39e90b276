import { type Address, HeddleError, type Hex } from '@heddle/protocol'
import type { Parts } from '../parts.ts'

/** Who asks about a channel, as far as it is proven: by the handshake of its link. */
export type Asker = (channel: Hex) => Address | undefined

/** Lets only the payer of a channel read what it asked. Throws `read_refused`, `channel_unknown`. */
export async function requireReader(parts: Parts, channel: Hex, asker: Asker): Promise<void> {
  const { payerAuthorizer } = await parts.receiver.channel(channel)
  if (asker(channel) !== payerAuthorizer) throw new HeddleError('read_refused')
}
