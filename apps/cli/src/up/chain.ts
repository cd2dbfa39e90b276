import { join } from 'node:path'
import { checkChain, connect, readTokenDomain, rpc, startDevnet } from '@heddle/chain'
import { type Address, HeddleError, isHeddleError, type Log, SETTLEMENT_ADDRESS } from '@heddle/protocol'

/** The chain that a house pays on. `up` is false when it did not answer, and is only remembered. */
export type Chain = {
  url: string
  chainId: number
  asset: Address
  up: boolean
  pid(): number | null
  stop(): Promise<void>
}

/** What a home remembers of its chain. */
export type KnownChain = { chainId: number; asset: Address }

/** A devnet of this home's own. */
async function ownChain(options: Pick<ChainOptions, 'home' | 'log' | 'onRestart' | 'signal'>): Promise<Chain> {
  const { home, ...rest } = options
  const devnet = await startDevnet({ directory: join(home, 'chain'), ...rest })
  return { ...devnet, asset: devnet.token, up: true, pid: () => devnet.pid() ?? null }
}

/**
 * A chain that somebody else runs: it must answer, and hold the settlement contract and the asset.
 * Throws `chain_down`, `chain_wrong`, `setting_invalid`.
 */
async function foreignChain(url: string, asset: string | undefined): Promise<Chain> {
  const token = asset?.toLowerCase()
  if (!token || !/^0x[0-9a-f]{40}$/.test(token)) {
    throw new HeddleError(
      'setting_invalid',
      '--chain (HEDDLE_CHAIN_URL) needs --asset (HEDDLE_ASSET): the address of an EIP-3009 token on that chain',
    )
  }
  const ask = (method: string, params: unknown[]): Promise<string> =>
    rpc(url, method, params).catch(cause => {
      throw new HeddleError('chain_down', `nothing answers at ${url}`, { cause })
    }) as Promise<string>
  const chainId = Number(await ask('eth_chainId', []))
  const client = connect(url, chainId)
  await checkChain(client)
  for (const address of [SETTLEMENT_ADDRESS, token]) {
    if ((await ask('eth_getCode', [address, 'latest'])) === '0x') {
      throw new HeddleError('chain_wrong', `no contract at ${address} on chain ${chainId}`)
    }
  }
  await readTokenDomain(client, token as Address)
  return { url, chainId, asset: token as Address, up: true, pid: () => null, stop: () => Promise.resolve() }
}

export type ChainOptions = {
  home: string
  url: string | undefined
  asset: string | undefined
  log: Log
  onRestart: () => void
  /** Ends the chain of this home while it starts. */
  signal?: AbortSignal
  known?: KnownChain | undefined
}

/** Opens the chain of a home. A chain that does not answer is remembered where it can be: own engines need none. */
export async function openChain(options: ChainOptions): Promise<Chain> {
  const { home, url, asset, log, onRestart, signal, known } = options
  if (url === undefined) return ownChain({ home, log, onRestart, ...(signal ? { signal } : {}) })
  try {
    return await foreignChain(url, asset ?? known?.asset)
  } catch (error) {
    if (!known || !isHeddleError(error, 'chain_down')) throw error
    return { url, ...known, up: false, pid: () => null, stop: () => Promise.resolve() }
  }
}
