import { type ChainClient, settlementAbi } from '@heddle/chain'
import { encodeEventTopics } from 'viem'

/** A chain on which nobody ever claims: what a provider sees that does not want to see what it took. */
export function withoutClaims(client: ChainClient): ChainClient {
  const [claimed] = encodeEventTopics({ abi: settlementAbi, eventName: 'Claimed' })
  const getLogs = async (filter: object) => (await client.getLogs(filter)).filter(({ topics }) => topics[0] !== claimed)
  return new Proxy(client, { get: (target, name) => (name === 'getLogs' ? getLogs : Reflect.get(target, name)) })
}
