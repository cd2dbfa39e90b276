import { type Address, HeddleError, type Hex, toHex } from '@heddle/protocol'
import { type BaseError, decodeErrorResult, keccak256, type TransactionReceipt } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { type ChainClient, chainError } from '../connect.ts'
import { settlementAbi } from '../contracts/index.ts'
import type { Call, Sendable } from './calls.ts'

/** A transaction that is signed and can be broadcast, again and again, by anybody. */
export type SignedTransaction = { hash: Hex; raw: Hex; sender: Address; nonce: number }

const GAS_MARGIN_PERCENT = 130n

/** Runs a call without sending it. Throws `chain_reverted` with the contract's error, or `chain_down`. */
export async function simulate(client: ChainClient, from: Address, call: Call): Promise<void> {
  await client.call({ account: from, to: call.to, data: call.data }).catch((error: BaseError) => {
    const data = revertData(error)
    if (data) throw new HeddleError('chain_reverted', errorName(data), { cause: error })
    return chainError(error)
  })
}

/** Signs a call with an explicit nonce and gas; nothing is sent yet. Throws `chain_reverted`, `chain_down`. */
export async function signCall(
  client: ChainClient,
  secret: Uint8Array,
  nonce: number,
  call: Sendable,
): Promise<SignedTransaction> {
  const account = privateKeyToAccount(toHex(secret))
  const [gas, fees] = await Promise.all([
    client.estimateGas({ account: account.address, ...call }),
    client.estimateFeesPerGas(),
  ]).catch((error: BaseError) => {
    const data = revertData(error)
    if (data) throw new HeddleError('chain_reverted', errorName(data), { cause: error })
    return chainError(error)
  })
  const raw = await account.signTransaction({
    type: 'eip1559',
    chainId: client.chainId,
    nonce,
    ...call,
    gas: (gas * GAS_MARGIN_PERCENT) / 100n,
    maxFeePerGas: fees.maxFeePerGas * 2n,
    maxPriorityFeePerGas: fees.maxPriorityFeePerGas,
  })
  return { hash: keccak256(raw) as Hex, raw, sender: account.address.toLowerCase() as Address, nonce }
}

/**
 * Sends a signed transaction; one that the chain already knows is no error. Gives false when its nonce is used up, or
 * another transaction waits under it.
 */
export async function broadcast(client: ChainClient, transaction: Pick<SignedTransaction, 'raw'>): Promise<boolean> {
  try {
    await client.sendRawTransaction({ serializedTransaction: transaction.raw })
    return true
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    if (/already (known|imported)/i.test(message)) return true
    if (/nonce too low|nonce is lower|replacement transaction underpriced/i.test(message)) return false
    return chainError(error)
  }
}

export type Outcome = { block: number; success: boolean } | undefined

/** How a transaction ended, or nothing while it is not in a block. */
export async function outcomeOf(client: ChainClient, hash: Hex): Promise<Outcome> {
  const receipt: TransactionReceipt | undefined = await client.getTransactionReceipt({ hash }).catch(error => {
    if ((error as Error).name === 'TransactionReceiptNotFoundError') return undefined
    return chainError(error)
  })
  return receipt && { block: Number(receipt.blockNumber), success: receipt.status === 'success' }
}

export const readNonce = (client: ChainClient, address: Address): Promise<number> =>
  client.getTransactionCount({ address, blockTag: 'latest' }).catch(chainError)

/** As {@link readNonce}, behind what waits to get into a block. */
export const readPendingNonce = (client: ChainClient, address: Address): Promise<number> =>
  client.getTransactionCount({ address, blockTag: 'pending' }).catch(chainError)

const revertData = (error: BaseError): Hex | undefined => {
  let found: Hex | undefined
  error.walk(inner => {
    const data = (inner as { data?: unknown }).data
    if (typeof data === 'string' && /^0x[0-9a-f]{8,}$/.test(data)) found = data as Hex
    return false
  })
  return found
}

const errorName = (data: Hex): string => {
  try {
    return decodeErrorResult({ abi: settlementAbi, data }).errorName
  } catch {
    return `reverted with ${data.slice(0, 10)}`
  }
}
