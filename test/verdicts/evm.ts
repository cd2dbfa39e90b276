import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rpc } from '@heddle/chain'
import {
  type Claim,
  canonicalOnce,
  type Digest,
  type EvidenceLeaf,
  type FraudProof,
  type Hex,
  type MerklePath,
  SETTLEMENT_ADDRESS,
  type SignedOffer,
  type SignedReceipt,
  toHex,
  utf8,
} from '@heddle/protocol'
import { fixture } from '@heddle/testing'
import {
  type Abi,
  decodeFunctionResult,
  encodeAbiParameters,
  encodeDeployData,
  encodeFunctionData,
  keccak256,
  parseAbi,
} from 'viem'

/** Most gas that one transaction may have (EIP-7825). */
export const MOST_GAS = 2 ** 24

export type OnChain = 'dishonest' | 'honest' | 'refused'
/** A proof as the contract takes it: the call, and what has to have been witnessed before. */
export type Tried = {
  data: Hex
  witnessed?: { channel: Digest; total: bigint; block: number }
  hashes?: [number, Digest][]
}

const artifact = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../contracts/out/FraudVerifier.sol/FraudVerifier.json'), 'utf8'),
) as { abi: Abi; bytecode: { object: Hex } }
const multicall = parseAbi([
  'function aggregate3((address target, bool allowFailure, bytes callData)[] calls) returns ((bool success, bytes returnData)[])',
])
const MULTICALL: Hex = '0xca11bde05977b3631167028862be2a173976ca11'
const VERIFIER: Hex = `0x${'f0'.repeat(20)}`
const BOTH = [{ type: 'uint256' }, { type: 'bytes32' }] as const

const path = ({ index, size, siblings }: MerklePath) => ({ index: BigInt(index), size: BigInt(size), siblings })
/** A receipt as the contract takes it. */
export const receiptArgument = ({ receipt, path: place, signature }: SignedReceipt) => ({
  json: toHex(utf8(canonicalOnce(receipt))),
  path: path(place),
  signature,
})
const leaf = (one: EvidenceLeaf) => ({ leaf: one.leaf, path: path(one.path) })
const offer = ({ offer, signature }: SignedOffer) => ({ json: toHex(utf8(canonicalOnce(offer))), signature })
const call = (functionName: string, ...args: unknown[]): Hex =>
  encodeFunctionData({ abi: artifact.abi, functionName, args })

/** The same proof on the chain; nothing for the one that the chain does not know. */
export function triedOf(proof: FraudProof): Tried | undefined {
  switch (proof.kind) {
    case 'equivocation':
      return { data: call('equivocation', ...(proof['receipts'] as SignedReceipt[]).map(receiptArgument)) }
    case 'overcharge':
      return overchargeOf(proof['receipt'] as SignedReceipt, proof['claim'] as Claim)
    case 'overcount':
      return {
        data: call(
          'overcount',
          receiptArgument(proof['receipt'] as SignedReceipt),
          leaf(proof['head'] as EvidenceLeaf),
        ),
      }
    case 'wrong-model':
      return {
        data: call(
          'wrongModel',
          receiptArgument(proof['receipt'] as SignedReceipt),
          offer(proof['offer'] as SignedOffer),
        ),
      }
    case 'redraw':
    case 'malformed': {
      const head = (proof['head'] ?? proof['leaf']) as EvidenceLeaf
      const both = [leaf(head), leaf(proof['leaf'] as EvidenceLeaf)]
      return { data: call(proof.kind, receiptArgument(proof['receipt'] as SignedReceipt), ...both) }
    }
    case 'foreign-seed':
      return undefined
  }
}

/** A claim, witnessed when it says so, held against a receipt. */
export function overchargeOf(signed: SignedReceipt, claim: Claim): Tried {
  const total = BigInt(claim.totalClaimed)
  return {
    data: call('overcharge', receiptArgument(signed), total),
    ...(claim.witnessed === null
      ? {}
      : { witnessed: { channel: claim.channel as Digest, total, block: claim.witnessed } }),
    hashes: [[claim.block, claim.hash as Digest]],
  }
}

const wordAt = (map: Hex, key: bigint): Hex => keccak256(encodeAbiParameters(BOTH, [key, map]))
const word = (value: bigint): Hex => `0x${value.toString(16).padStart(64, '0')}`

/** What the contract would have kept of these witnesses (`witnessed` and `witnessedBlocks`, its first two mappings). */
function storageOf(tried: readonly Tried[]): Record<Hex, Hex> {
  const storage: Record<Hex, Hex> = {}
  for (const { witnessed, hashes = [] } of tried) {
    if (witnessed) {
      const channel = keccak256(
        encodeAbiParameters([{ type: 'bytes32' }, { type: 'uint256' }], [witnessed.channel, 0n]),
      )
      storage[wordAt(channel, witnessed.total)] = word(BigInt(witnessed.block))
    }
    for (const [number, hash] of hashes) storage[wordAt(word(1n), BigInt(number))] = hash
  }
  return storage
}

/** A chain that has the verifier, and asks it many things at once without a transaction. */
export async function openVerifier(url: string) {
  const args = [BigInt(fixture.domain.chainId), SETTLEMENT_ADDRESS]
  const creation = encodeDeployData({ abi: artifact.abi, bytecode: artifact.bytecode.object, args })
  const code = (await rpc(url, 'eth_call', [{ data: creation }, 'latest'])) as Hex
  const ask = async (to: Hex, data: Hex, gas: number, stateDiff: Record<Hex, Hex>): Promise<Hex> =>
    (await rpc(url, 'eth_call', [
      { to, data, gas: `0x${gas.toString(16)}` },
      'latest',
      { [VERIFIER]: { code, stateDiff } },
    ])) as Hex
  const verdictOf = (answer: Hex): OnChain => (BigInt(answer.slice(0, 66)) === 1n ? 'dishonest' : 'honest')
  return {
    /** What it says to each. */
    async judge(tried: readonly Tried[]): Promise<OnChain[]> {
      if (tried.length === 0) return []
      const calls = tried.map(({ data }) => ({ target: VERIFIER, allowFailure: true, callData: data }))
      const data = encodeFunctionData({ abi: multicall, functionName: 'aggregate3', args: [calls] })
      const answer = await ask(MULTICALL, data, 2_000_000_000, storageOf(tried))
      const results = decodeFunctionResult({ abi: multicall, functionName: 'aggregate3', data: answer })
      return results.map(({ success, returnData }) => (success ? verdictOf(returnData) : 'refused'))
    },
    /** What it says within one transaction; throws where that takes more gas, or where it refuses. */
    async judgeAlone(tried: Tried): Promise<OnChain> {
      return verdictOf(await ask(VERIFIER, tried.data, MOST_GAS, storageOf([tried])))
    },
  }
}
