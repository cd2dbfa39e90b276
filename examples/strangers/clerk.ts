import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect, readWitnessed, rpc } from '@heddle/chain'
import { type Address, type Digest, type Hex, SETTLEMENT_ADDRESS, type SignedReceipt } from '@heddle/protocol'
import { chainDataSchema, readChain } from './audit/chain-data.ts'

type Log = { blockNumber: Hex }

/**
 * Keeps what clients are given, as files: receipts, opened with their own key while their providers still answer; in the
 * end what a node says of the chain, and public weights. Nothing else reaches the auditor.
 */
export function openCase(folder: string) {
  const receipts = join(folder, 'receipts')
  for (const part of ['receipts', 'weights', 'calibrations']) mkdirSync(join(folder, part), { recursive: true })
  /** Blocks that the receipts name: whoever judges them has to know which of these the chain has. */
  const named = new Set<number>()
  const write = (id: string, value: { receipt: SignedReceipt }) => {
    const { seen } = value.receipt.receipt
    if (seen) named.add(seen.block)
    writeFileSync(join(receipts, `${id}.json`), JSON.stringify(value))
  }
  return {
    folder,
    /** Asks the gateway to open a receipt, as the key that paid may. */
    async open(gateway: string, apiKey: string, id: Digest): Promise<void> {
      const response = await fetch(`${gateway}/heddle/1/receipts/${id}/evidence`, {
        headers: { authorization: `Bearer ${apiKey}` },
      })
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
      write(id, (await response.json()) as { receipt: SignedReceipt })
    },
    /** A receipt that came by itself. */
    keep(receipt: SignedReceipt): void {
      write(receipt.receipt.id, { provider: receipt.receipt.provider, receipt } as { receipt: SignedReceipt })
    },
    weights(path: string): void {
      cpSync(path, join(folder, 'weights', 'public.gguf'))
    },
    calibration(text: string): void {
      writeFileSync(join(folder, 'calibrations', 'public.json'), text)
    },
    async chain({ url, chainId, token }: { url: string; chainId: number; token: Address }): Promise<void> {
      const logsOf = (address: Address) =>
        rpc(url, 'eth_getLogs', [{ address, fromBlock: '0x0', toBlock: 'latest' }]) as Promise<Log[]>
      const logs = [...(await logsOf(SETTLEMENT_ADDRESS)), ...(await logsOf(token))]
      const hashes: Record<number, Hex> = {}
      for (const block of new Set([...logs.map(({ blockNumber }) => Number(blockNumber)), ...named])) {
        const found = await rpc(url, 'eth_getBlockByNumber', [`0x${block.toString(16)}`, false])
        if (found) hashes[block] = (found as { hash: Hex }).hash
      }
      const witnessed: Record<string, number> = {}
      const data = { chainId, settlement: SETTLEMENT_ADDRESS, token, hashes, logs, witnessed }
      for (const event of readChain(chainDataSchema.parse(data)).events) {
        if (event.name !== 'Claimed') continue
        const block = await readWitnessed(connect(url, chainId), event.channel, event.total)
        if (block !== null) witnessed[`${event.channel} ${event.total}`] = block
      }
      writeFileSync(join(folder, 'chain.json'), JSON.stringify(data))
    },
  }
}
