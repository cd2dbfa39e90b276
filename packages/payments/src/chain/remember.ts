import { type Ledger, put, readOne } from '@heddle/ledger'
import { type Address, HeddleError } from '@heddle/protocol'

/** A ledger belongs to one chain and one asset. Throws `chain_wrong` when it is opened for another. */
export async function rememberChain(ledger: Ledger, chainId: number, asset: Address): Promise<void> {
  const value = `eip155:${chainId}/${asset}`
  const known = await readOne(ledger, 'facts', { name: 'chain' })
  if (known && known.value !== value) {
    throw new HeddleError('chain_wrong', `this ledger belongs to ${known.value}, not ${value}`)
  }
  if (!known) await ledger.commit(put('facts', { name: 'chain', value }))
}
