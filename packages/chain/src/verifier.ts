import { type Address, type Hex, SETTLEMENT_ADDRESS } from '@heddle/protocol'
import {
  BaseError,
  ContractFunctionZeroDataError,
  encodeDeployData,
  encodeFunctionData,
  getContractAddress,
  type Hex as ViemHex,
} from 'viem'
import { type ChainClient, chainError } from './connect.ts'
import { verifierAbi, verifierCode } from './contracts/index.ts'
import type { Call } from './transactions/calls.ts'

/** Where nearly every chain has the deployer that puts code at an address which only the code decides. */
const DEPLOYER: Address = '0x4e59b44847b379578588920ca78fbf26c0b4956c'
const SALT: ViemHex = `0x${'00'.repeat(32)}`

/** The code that makes the verifier of a chain's fraud proofs. */
export const verifierCreation = (chainId: number): Hex =>
  encodeDeployData({ abi: verifierAbi, bytecode: verifierCode, args: [BigInt(chainId), SETTLEMENT_ADDRESS] })

/** Where the verifier of a chain is, once anybody has put it there: nobody has to be asked for an address. */
export function verifierAddress(chainId: number): Address {
  const known = addresses.get(chainId)
  if (known) return known
  const bytecode = verifierCreation(chainId)
  const made = getContractAddress({ opcode: 'CREATE2', from: DEPLOYER, salt: SALT, bytecode }).toLowerCase() as Address
  addresses.set(chainId, made)
  return made
}
const addresses = new Map<number, Address>()

/** Puts the verifier of a chain at its place; anybody may, once. */
export const deployVerifierCall = (chainId: number): Call => ({
  to: DEPLOYER,
  data: `${SALT}${verifierCreation(chainId).slice(2)}`,
})

/** Has the chain remember what is claimed on a channel by now, and in which block that was. Anybody may send it. */
export const witnessClaimCall = (chainId: number, channel: Hex): Call => ({
  to: verifierAddress(chainId),
  data: encodeFunctionData({ abi: verifierAbi, functionName: 'witnessClaim', args: [channel] }),
})

/** Has the chain remember the hash of one of its last blocks, which later it could not look up. */
export const witnessBlockCall = (chainId: number, block: number): Call => ({
  to: verifierAddress(chainId),
  data: encodeFunctionData({ abi: verifierAbi, functionName: 'witnessBlock', args: [BigInt(block)] }),
})

/** Whether the verifier is on the chain. Throws `chain_down`. */
export async function readVerifierThere(client: ChainClient): Promise<boolean> {
  const code = await client.getCode({ address: verifierAddress(client.chainId) }).catch(chainError)
  return code !== undefined && code !== '0x'
}

/** The block by which a total was seen to be claimed on a channel; null where nobody had it witnessed. Throws `chain_down`. */
export async function readWitnessed(client: ChainClient, channel: Hex, total: bigint): Promise<number | null> {
  const address = verifierAddress(client.chainId)
  const number = await client
    .readContract({ address, abi: verifierAbi, functionName: 'witnessed', args: [channel, total] })
    .catch(unlessThere)
  return number ? Number(number) : null
}

/** The hash that was witnessed of a block; null where nobody did. Throws `chain_down`. */
export async function readWitnessedBlock(client: ChainClient, block: number): Promise<Hex | null> {
  const address = verifierAddress(client.chainId)
  const hash = await client
    .readContract({ address, abi: verifierAbi, functionName: 'witnessedBlocks', args: [BigInt(block)] })
    .catch(unlessThere)
  return hash && BigInt(hash) !== 0n ? hash : null
}

/** Where there is no verifier, nothing was witnessed. */
function unlessThere(error: unknown): undefined {
  if (error instanceof BaseError && error.walk(inner => inner instanceof ContractFunctionZeroDataError))
    return undefined
  return chainError(error)
}
