import { type ChainClient, depositCall, type Outbox, readAuthorizationUsed, readTokenBalance } from '@heddle/chain'
import type { ChannelState, Followed, Receiver } from '@heddle/payments'
import {
  type Channel,
  type ChannelTerms,
  channelSchema,
  type Deposit,
  depositNonce,
  depositSchema,
  HeddleError,
  type Hex,
  isHeddleError,
  recoverDeposit,
  type TokenDomain,
  type Voucher,
  voucherSchema,
} from '@heddle/protocol'
import { z } from 'zod'

const openSchema = z.strictObject({
  channel: channelSchema,
  deposit: depositSchema.optional(),
  voucher: voucherSchema.optional(),
})

export type ChannelDesk = {
  client: ChainClient
  receiver: Receiver
  followed: Followed
  outbox: Outbox
  /** Looks at the chain now, instead of at the next tick. */
  look(): Promise<void>
  tokenDomain(): Promise<TokenDomain>
}

/**
 * Opens a channel or tops it up: checks it against the terms, submits the payer's deposit authorization (the payer
 * needs no gas), and waits until the follower has seen it. Throws `channel_mismatch`, `deposit_refused`,
 * `token_refused`, `chain_down`.
 */
export async function openChannel(
  desk: ChannelDesk,
  id: Hex,
  body: unknown,
  terms: ChannelTerms,
): Promise<ChannelState> {
  const parsed = openSchema.safeParse(body)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new HeddleError('bad_request', issue && `${issue.path.join('.')}: ${issue.message}`)
  }
  const { channel, deposit, voucher } = parsed.data as { channel: Channel; deposit?: Deposit; voucher?: Voucher }
  await desk.receiver.register(id, channel, terms)
  await desk.look()
  if (deposit) await submitDeposit(desk, id, channel, deposit, terms)
  // Now that the chain was seen: what holds a deposit is kept, also where others were named in the meantime.
  await desk.receiver.register(id, channel, terms)
  if (voucher) await desk.receiver.admit(voucher, terms)
  return desk.receiver.state(id)
}

/**
 * Submits a payer's deposit authorization and waits until the follower has seen it. Gives the transaction's hash. Throws
 * `deposit_refused`, `token_refused`, `chain_down`.
 */
export async function submitDeposit(
  desk: ChannelDesk,
  id: Hex,
  channel: Channel,
  deposit: Deposit,
  terms: ChannelTerms,
): Promise<Hex> {
  if (BigInt(deposit.amount) < BigInt(terms.minDeposit)) {
    throw new HeddleError('deposit_refused', `the least deposit is ${terms.minDeposit}`)
  }
  const signer = recoverDeposit(await desk.tokenDomain(), id, deposit)
  if (signer !== channel.payer || deposit.payer !== channel.payer) {
    throw new HeddleError('deposit_refused', 'the authorization is not signed by the payer of this channel')
  }
  const before = desk.followed.channel(id)?.balance ?? 0n
  let hash: Hex
  try {
    hash = await desk.outbox.send({ deposit: id }, depositCall(channel, deposit))
  } catch (error) {
    throw await refusal(desk, id, channel, deposit, error)
  }
  for (let i = 0; i < 50; i++) {
    await desk.look()
    if ((desk.followed.channel(id)?.balance ?? 0n) > before) return hash
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new HeddleError('chain_down', 'the deposit is not confirmed yet')
}

/** Why the contract refused a well-signed deposit: the payer's fault where it can be named, else the token's. */
async function refusal(
  { client }: ChannelDesk,
  id: Hex,
  { token, payer }: Channel,
  deposit: Deposit,
  error: unknown,
): Promise<unknown> {
  if (!isHeddleError(error, 'chain_reverted')) return error
  const refused = (detail: string) => new HeddleError('deposit_refused', detail, { cause: error })
  const balance = await readTokenBalance(client, token, payer)
  if (balance < BigInt(deposit.amount)) return refused(`the payer has ${balance}, the deposit is ${deposit.amount}`)
  if (await readAuthorizationUsed(client, token, payer, depositNonce(id, deposit.salt)))
    return refused('it was used already')
  const { timestamp } = await client.getBlock()
  if (BigInt(deposit.validBefore) <= timestamp) return refused('it has expired')
  return new HeddleError('token_refused', `the token did not deliver what was sent (${error.message})`, {
    cause: error,
  })
}
