import { type Address, fromHex, HeddleError, type Hex } from '@heddle/protocol'
import { encodeFunctionData } from 'viem'
import { connect } from '../connect.ts'
import { tokenAbi } from '../contracts/index.ts'
import type { Sendable } from '../transactions/calls.ts'
import { Outbox } from '../transactions/outbox.ts'
import { rpc } from './anvil.ts'
import { isDevnet } from './identity.ts'

/** The key that every devnet is born with: publicly known, so it is worth nothing anywhere else. */
const FAUCET_SECRET = fromHex('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')

/** Its account. */
export const FAUCET: Address = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'

/** Sends a call from the faucet of a devnet, and waits until it is in a block. Throws `chain_wrong` elsewhere. */
export async function sendFromFaucet(url: string, call: Sendable): Promise<Hex> {
  const chainId = Number(await rpc(url, 'eth_chainId', []))
  if (!isDevnet(chainId)) throw new HeddleError('chain_wrong', `chain ${chainId} is no devnet: it has no faucet`)
  return new Outbox({ client: connect(url, chainId), secret: FAUCET_SECRET }).send({ faucet: call.to ?? null }, call)
}

/** Gives an address test tokens (base units) and test gas. Works on a devnet only. */
export async function fund(url: string, token: Address, to: Address, amount: bigint): Promise<void> {
  const balance = BigInt((await rpc(url, 'eth_getBalance', [to, 'latest'])) as Hex)
  const enough = 10n ** 18n
  if (balance < enough) await rpc(url, 'anvil_setBalance', [to, `0x${(100n * enough).toString(16)}`])
  if (amount === 0n) return
  const data = encodeFunctionData({ abi: tokenAbi, functionName: 'mint', args: [to, amount] })
  await sendFromFaucet(url, { to: token, data })
}
