import { type Address, type Channel, type Hex, SETTLEMENT_ADDRESS, type TokenDomain } from '@heddle/protocol'
import { getAddress, type Hex as ViemHex } from 'viem'
import { type ChainClient, chainError } from './connect.ts'
import { settlementAbi, tokenAbi } from './contracts/index.ts'

export type ChannelBalance = { balance: bigint; claimed: bigint }

/** What the settlement contract holds for a channel now. */
export async function readChannel(client: ChainClient, id: Hex): Promise<ChannelBalance> {
  const [balance, claimed] = await client
    .readContract({ address: SETTLEMENT_ADDRESS, abi: settlementAbi, functionName: 'channels', args: [id] })
    .catch(chainError)
  return { balance, claimed }
}

/** The block that a transaction is in, with its hash; nothing while the chain has it in none. */
export async function readInclusion(client: ChainClient, hash: Hex): Promise<{ block: number; hash: Hex } | undefined> {
  const found = await client.getTransactionReceipt({ hash }).catch(unlessNotFound)
  return found ? { block: Number(found.blockNumber), hash: found.blockHash } : undefined
}

/** The block of a number, by its hash and that of the one before; nothing where the chain has none. */
export async function readBlock(
  client: ChainClient,
  number: number,
): Promise<{ hash: Hex; parentHash: Hex } | undefined> {
  const block = await client.getBlock({ blockNumber: BigInt(number) }).catch(unlessNotFound)
  return block?.hash ? { hash: block.hash, parentHash: block.parentHash } : undefined
}

/** What the chain has for the number of a block; nothing where it has none. */
export const readBlockHash = async (client: ChainClient, number: number): Promise<Hex | undefined> =>
  (await readBlock(client, number))?.hash

function unlessNotFound(error: unknown): undefined {
  if (/^(TransactionReceipt|Block)NotFoundError$/.test((error as Error).name)) return undefined
  return chainError(error)
}

/** What a receiver's claims came to, and how much of it was swept to it. */
export async function readReceiver(
  client: ChainClient,
  receiver: Address,
  token: Address,
): Promise<{ claimed: bigint; settled: bigint }> {
  const [claimed, settled] = await client
    .readContract({
      address: SETTLEMENT_ADDRESS,
      abi: settlementAbi,
      functionName: 'receivers',
      args: [receiver, token],
    })
    .catch(chainError)
  return { claimed, settled }
}

export const readTokenBalance = (client: ChainClient, token: Address, owner: Address): Promise<bigint> =>
  client.readContract({ address: token, abi: tokenAbi, functionName: 'balanceOf', args: [owner] }).catch(chainError)

/** True once an EIP-3009 authorization was used or cancelled. */
export const readAuthorizationUsed = (
  client: ChainClient,
  token: Address,
  payer: Address,
  nonce: Hex,
): Promise<boolean> =>
  client
    .readContract({ address: token, abi: tokenAbi, functionName: 'authorizationState', args: [payer, nonce] })
    .catch(chainError)

/** True once an EIP-3009 authorization has moved its tokens: one that was cancelled counts as used, but never moved any. */
export async function readTransferMade(
  client: ChainClient,
  token: Address,
  payer: Address,
  nonce: Hex,
): Promise<boolean> {
  const used = await client
    .getContractEvents({
      address: token,
      abi: tokenAbi,
      eventName: 'AuthorizationUsed',
      args: { authorizer: payer, nonce },
      fromBlock: 0n,
      strict: true,
    })
    .catch(chainError)
  return used.length > 0
}

/** The EIP-712 domain of an EIP-3009 token. */
export async function readTokenDomain(client: ChainClient, token: Address): Promise<TokenDomain> {
  const [, name, version] = await client
    .readContract({ address: token, abi: tokenAbi, functionName: 'eip712Domain' })
    .catch(chainError)
  return { name, version, chainId: client.chainId, token }
}

/** A channel's config in the form viem's ABI encoder takes. */
export const toConfig = (channel: Channel) => ({
  payer: getAddress(channel.payer),
  payerAuthorizer: getAddress(channel.payerAuthorizer),
  receiver: getAddress(channel.receiver),
  receiverAuthorizer: getAddress(channel.receiverAuthorizer),
  token: getAddress(channel.token),
  withdrawDelay: channel.withdrawDelay,
  salt: channel.salt as ViemHex,
})
