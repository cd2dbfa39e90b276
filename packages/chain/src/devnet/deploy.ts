import { type Address, DEPOSIT_COLLECTOR_ADDRESS, type Hex, SETTLEMENT_ADDRESS } from '@heddle/protocol'
import { encodeDeployData } from 'viem'
import {
  collectorAbi,
  collectorCode,
  multicallCode,
  settlementAbi,
  settlementCode,
  tokenAbi,
  tokenCode,
} from '../contracts/index.ts'
import { verifierAddress, verifierCreation } from '../verifier.ts'
import { rpc } from './anvil.ts'
import { FAUCET, sendFromFaucet } from './faucet.ts'

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

/** Puts the verifier of fraud proofs where everybody looks for it, unless it is there: devnets of before had none. */
export async function placeVerifier(url: string): Promise<void> {
  const chainId = Number(await rpc(url, 'eth_chainId', []))
  const address = verifierAddress(chainId)
  if ((await rpc(url, 'eth_getCode', [address, 'latest'])) === '0x')
    await place(url, address, verifierCreation(chainId))
}

/** Deploys HED, the settlement contract, its collector, Multicall3 and the verifier of proofs. Gives the token's address. */
export async function deploy(url: string): Promise<Address> {
  await place(url, SETTLEMENT_ADDRESS, encodeDeployData({ abi: settlementAbi, bytecode: settlementCode }))
  const collector = encodeDeployData({ abi: collectorAbi, bytecode: collectorCode, args: [SETTLEMENT_ADDRESS] })
  await place(url, DEPOSIT_COLLECTOR_ADDRESS, collector)
  await place(url, MULTICALL_ADDRESS, multicallCode)
  await placeVerifier(url)
  const data = encodeDeployData({ abi: tokenAbi, bytecode: tokenCode, args: [FAUCET] })
  const hash = await sendFromFaucet(url, { data })
  const receipt = (await rpc(url, 'eth_getTransactionReceipt', [hash])) as { contractAddress: Hex }
  return receipt.contractAddress.toLowerCase() as Address
}
