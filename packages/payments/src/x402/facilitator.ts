import type { ChainClient, Outbox } from '@heddle/chain'
import { type Address, HeddleError, type Hex } from '@heddle/protocol'
import type { PaymentPayload, PaymentRequirements, SettleResponse, VerifyResponse } from '@x402/core/types'
import type { FacilitatorEvmSigner } from '@x402/evm'
import { ExactEvmScheme } from '@x402/evm/exact/facilitator'
import { encodeFunctionData } from 'viem'

/** x402's facilitator for `exact`, in this process: what it sends goes through the outbox, so none is lost. */
export type Facilitator = {
  verify(payload: PaymentPayload, terms: PaymentRequirements): Promise<VerifyResponse>
  /** Sends the transfer and waits until it is in a block; `channel` is what the outbox notes it under. */
  settle(payload: PaymentPayload, terms: PaymentRequirements, channel: Hex): Promise<SettleResponse>
}

/** Makes the facilitator of one chain; `gas` is the address of the outbox's key. */
export function exactFacilitator(client: ChainClient, outbox: Outbox, gas: Address): Facilitator {
  return {
    verify: (payload, terms) => new ExactEvmScheme(signerOf(client, outbox, gas, '0x')).verify(payload, terms),
    settle: (payload, terms, channel) =>
      new ExactEvmScheme(signerOf(client, outbox, gas, channel)).settle(payload, terms),
  }
}

function signerOf(client: ChainClient, outbox: Outbox, gas: Address, channel: Hex): FacilitatorEvmSigner {
  return {
    getAddresses: () => [gas],
    readContract: args => client.readContract(args as Parameters<ChainClient['readContract']>[0]),
    verifyTypedData: args => client.verifyTypedData(args as Parameters<ChainClient['verifyTypedData']>[0]),
    getCode: args => client.getCode(args),
    async writeContract({ address, abi, functionName, args }) {
      const data = encodeFunctionData({ abi, functionName, args: [...args] } as Parameters<
        typeof encodeFunctionData
      >[0])
      return outbox.send({ transfer: channel }, { to: address.toLowerCase() as Address, data })
    },
    async sendTransaction() {
      throw new HeddleError('payment_refused', 'wallets are not deployed for their owners')
    },
    async waitForTransactionReceipt({ hash }) {
      const { status, logs } = await client.getTransactionReceipt({ hash })
      return { status, logs }
    },
  }
}
