import { type Domain, formatUnits, HeddleError, isHeddleError, type Offer, SETTLEMENT_ADDRESS } from '@heddle/protocol'
import { publicOffers, requireChain } from '@heddle/sdk'
import { call } from '../call.ts'
import { type RunFile, runningHouses } from '../home/index.ts'

/** Where houses pay: the chain by its URL on this machine, and what is paid with there. */
type Place = Pick<RunFile['chain'], 'url' | 'chainId' | 'asset'>

/** What a buyer on the same machine starts its own house with: a home that is not made yet, and the seller's chain. */
const buyerFlags = (sells: string, { url, asset }: Pick<Place, 'url' | 'asset'>): string =>
  `--engine none --buy-from ${sells} --chain ${url} --asset ${asset}`

/** What a seller's start says of the sale: where, for how much, and what a buyer needs. Nothing where none is sold. */
export async function saleLines({ providers, chain }: RunFile): Promise<string[]> {
  const own = providers.find(one => one.own)
  if (!own) return []
  const { offers } = await call<{ offers: { offer: Offer }[] }>(`${own.url}/heddle/1/offers`)
  const [first] = offers
  if (!first) return []
  const { endpoint, prices, provider } = first.offer
  const told = Object.entries(prices).map(([unit, price]) => `${unit} ${formatUnits(BigInt(price))}`)
  return [
    `Sell:  ${endpoint}   HED a unit: ${told.join(' · ')}   on chain ${chain.chainId}`,
    `       a buyer on this machine: heddle up --home NEW --port 0 ${buyerFlags(endpoint, chain)}`,
    `       a gateway that it dials (--dial URL) buys with --buy-from ${provider}`,
  ]
}

/**
 * Looks whether the sellers that a house is to buy from are paid where this house pays: what is signed for one chain is
 * worth nothing on another, and says so only in words about signatures. Who does not answer now is looked at later.
 * Gives what is to be said of each that is elsewhere; throws `chain_other` where nobody is left to answer.
 */
export async function lookAtSellers(
  sellers: readonly string[],
  here: Pick<Place, 'chainId'>,
  answersOtherwise: boolean,
): Promise<string[]> {
  const domain: Domain = { chainId: here.chainId, settlement: SETTLEMENT_ADDRESS }
  const elsewhere = (await Promise.all(sellers.map(seller => complaintOf(seller, domain)))).filter(
    one => one !== undefined,
  )
  if (elsewhere.length > 0 && elsewhere.length === sellers.length && !answersOtherwise)
    throw new HeddleError('chain_other', elsewhere.join('\n  '))
  return elsewhere
}

async function complaintOf(seller: string, here: Domain): Promise<string | undefined> {
  try {
    for (const { offer } of await publicOffers(seller, Date.now())) {
      try {
        requireChain(offer, here)
      } catch (error) {
        if (!isHeddleError(error, 'chain_other')) throw error
        return `${seller}: ${error.message}${wayTo(seller, offer)}`
      }
    }
    return undefined
  } catch {
    // It does not answer, or not well: the gateway asks again and again, and says so.
    return undefined
  }
}

/** How to pay there, where its chain is one of this machine. */
function wayTo(seller: string, { chainId, asset }: Offer): string {
  const near = runningHouses().find(({ chain }) => chain.chainId === chainId && chain.asset.toLowerCase() === asset)
  return near ? `. That chain is on this machine: ${buyerFlags(seller, near.chain)}` : ''
}
