import { type Address, DEPOSIT_COLLECTOR_ADDRESS, type Hex, SETTLEMENT_ADDRESS } from '@heddle/protocol'
import { encodeDeployData, encodeFunctionData, getContractAddress } from 'viem'
import {
  collectorAbi,
  collectorCode,
  multicallCode,
  settlementAbi,
  settlementCode,
  tokenAbi,
  tokenCode,
} from '../contracts/index.ts'
import { rpc } from './anvil.ts'

/**
 * Puts a contract at an agreed address by running its creation code *there*, so that whatever its constructor derives
 * from its own address and the chain id (the EIP-712 domain) is right.
 */
async function place(url: string, address: Address, creation: Hex): Promise<void> {
  await rpc(url, 'anvil_setCode', [address, creation])
  const runtime = await rpc(url, 'eth_call', [{ to: address, gas: '0x1c9c380' }, 'latest'])
  await rpc(url, 'anvil_setCode', [address, runtime])
}

/** Where every public chain has Multicall3: clients read many values at once through it. */
const MULTICALL_ADDRESS: Address = '0xca11bde05977b3631167028862be2a173976ca11'

/** The account that a devnet is born with: publicly known, so it is worth nothing anywhere else. */
export const faucetOf = async (url: string): Promise<Address> =>
  ((await rpc(url, 'eth_accounts', [])) as Address[])[0]!.toLowerCase() as Address

/** Deploys HED, the settlement contract, its collector and Multicall3. Gives the token's address. */
export async function deploy(url: string): Promise<Address> {
  const faucet = await faucetOf(url)
  await place(url, SETTLEMENT_ADDRESS, encodeDeployData({ abi: settlementAbi, bytecode: settlementCode }))
  const collector = encodeDeployData({ abi: collectorAbi, bytecode: collectorCode, args: [SETTLEMENT_ADDRESS] })
  await place(url, DEPOSIT_COLLECTOR_ADDRESS, collector)
  await place(url, MULTICALL_ADDRESS, multicallCode)
  const data = encodeDeployData({ abi: tokenAbi, bytecode: tokenCode, args: [faucet] })
  const nonce = BigInt((await rpc(url, 'eth_getTransactionCount', [faucet, 'latest'])) as Hex)
  await rpc(url, 'eth_sendTransaction', [{ from: faucet, data }])
  return getContractAddress({ from: faucet, nonce }).toLowerCase() as Address
}

/** Gives an address test tokens (base units) and test gas. Works on a devnet only. */
export async function fund(url: string, token: Address, to: Address, amount: bigint): Promise<void> {
  const faucet = await faucetOf(url)
  const balance = BigInt((await rpc(url, 'eth_getBalance', [to, 'latest'])) as Hex)
  const enough = 10n ** 18n
  if (balance < enough) await rpc(url, 'anvil_setBalance', [to, `0x${(100n * enough).toString(16)}`])
  if (amount === 0n) return
  const data = encodeFunctionData({ abi: tokenAbi, functionName: 'mint', args: [to, amount] })
  await sendFromFaucet(url, { from: faucet, to: token, data })
}

/** The node itself numbers the faucet's transactions; it gives two that come at once the same number, and refuses one. */
async function sendFromFaucet(url: string, transaction: { from: Address; to: Address; data: Hex }): Promise<void> {
  for (let left = 10; ; left--) {
    try {
      return void (await rpc(url, 'eth_sendTransaction', [transaction]))
    } catch (error) {
      if (left === 0 || !/nonce too low|already imported/i.test((error as Error).message)) throw error
    }
  }
}
