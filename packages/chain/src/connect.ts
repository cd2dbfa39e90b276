import { HeddleError } from '@heddle/protocol'
import {
  type Account,
  BaseError,
  ContractFunctionRevertedError,
  createPublicClient,
  http,
  type PublicClient,
} from 'viem'

/** The one door to the chain: a viem client that is known to speak to the expected chain. */
export type ChainClient = PublicClient & { readonly chainId: number }

/** How long one call may take before the chain counts as down. */
const TIMEOUT = 5_000

/**
 * A client for an RPC address; asks nothing yet. Errors of its calls are made readable by {@link chainError}.
 */
export function connect(url: string, chainId: number): ChainClient {
  const client = createPublicClient({
    transport: http(url, { timeout: TIMEOUT, retryCount: 0 }),
    pollingInterval: 100,
    chain: {
      id: chainId,
      name: `chain ${chainId}`,
      nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
      rpcUrls: { default: { http: [url] } },
    },
  })
  return Object.assign(client, { chainId }) as unknown as ChainClient
}

/** Throws `chain_wrong` when another chain answers at this address, `chain_down` when none does. */
export async function checkChain(client: ChainClient): Promise<void> {
  const id = await client.getChainId().catch(chainError)
  if (id !== client.chainId) throw new HeddleError('chain_wrong', `expected chain ${client.chainId}, found ${id}`)
}

/** Rethrows what viem threw: a revert names the contract's error, everything else is a chain that does not answer. */
export function chainError(error: unknown): never {
  if (error instanceof BaseError) {
    const revert = error.walk(inner => inner instanceof ContractFunctionRevertedError)
    if (revert instanceof ContractFunctionRevertedError) {
      throw new HeddleError('chain_reverted', revert.data?.errorName ?? revert.reason ?? 'reverted', { cause: error })
    }
    throw new HeddleError('chain_down', error.shortMessage, { cause: error })
  }
  throw error
}

export type { Account }
