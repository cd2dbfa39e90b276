import {
  type Address,
  type Channel,
  DEPOSIT_COLLECTOR_ADDRESS,
  type Deposit,
  type Hex,
  SETTLEMENT_ADDRESS,
} from '@heddle/protocol'
import { encodeAbiParameters, encodeFunctionData } from 'viem'
import { settlementAbi } from '../contracts/index.ts'
import { toConfig } from '../reads.ts'

/** A call that a transaction makes. */
export type Call = { to: Address; data: Hex }

/** What can be sent: a call, or the code of a new contract. */
export type Sendable = { to?: Address; data: Hex }

export type Claim = { channel: Channel; ceiling: bigint; signature: Hex; total: bigint }

/** Submits a payer's deposit authorization: the channel's receiver pays the gas. */
export function depositCall(channel: Channel, deposit: Deposit): Call {
  const collectorData = encodeAbiParameters(
    [{ type: 'uint256' }, { type: 'uint256' }, { type: 'uint256' }, { type: 'bytes' }],
    [0n, BigInt(deposit.validBefore), BigInt(deposit.salt), deposit.signature],
  )
  const data = encodeFunctionData({
    abi: settlementAbi,
    functionName: 'deposit',
    args: [toConfig(channel), BigInt(deposit.amount), DEPOSIT_COLLECTOR_ADDRESS, collectorData],
  })
  return { to: SETTLEMENT_ADDRESS, data }
}

const toRow = (claim: Claim) => ({
  voucher: { channel: toConfig(claim.channel), maxClaimableAmount: claim.ceiling },
  signature: claim.signature,
  totalClaimed: claim.total,
})

/** Redeems vouchers of many channels; sent by their receiver or its authorizer. */
export function claimCall(claims: readonly Claim[]): Call {
  const data = encodeFunctionData({ abi: settlementAbi, functionName: 'claim', args: [claims.map(toRow)] })
  return { to: SETTLEMENT_ADDRESS, data }
}

/** The same, relayed by anybody under the authorizer's signature over the batch. */
export function claimWithSignatureCall(claims: readonly Claim[], signature: Hex): Call {
  const data = encodeFunctionData({
    abi: settlementAbi,
    functionName: 'claimWithSignature',
    args: [claims.map(toRow), signature],
  })
  return { to: SETTLEMENT_ADDRESS, data }
}

/** Sweeps what was claimed to the receiver. */
export const settleCall = (receiver: Address, token: Address): Call => ({
  to: SETTLEMENT_ADDRESS,
  data: encodeFunctionData({ abi: settlementAbi, functionName: 'settle', args: [receiver, token] }),
})

export const initiateWithdrawCall = (channel: Channel, amount: bigint): Call => ({
  to: SETTLEMENT_ADDRESS,
  data: encodeFunctionData({ abi: settlementAbi, functionName: 'initiateWithdraw', args: [toConfig(channel), amount] }),
})

export const finalizeWithdrawCall = (channel: Channel): Call => ({
  to: SETTLEMENT_ADDRESS,
  data: encodeFunctionData({ abi: settlementAbi, functionName: 'finalizeWithdraw', args: [toConfig(channel)] }),
})
