import { type ChainClient, readBlockHash, readInclusion, readWitnessed } from '@heddle/chain'
import { countOf, type Endpoint, sendJson } from '@heddle/daemon'
import type { Ledger } from '@heddle/ledger'
import { type Followed, readClaims } from '@heddle/payments'
import { HeddleError, type Hex, SETTLEMENT_ADDRESS } from '@heddle/protocol'
import { type ClaimTold, listRefused } from '@heddle/sdk'
import type { Access } from '../access.ts'

export type ClaimParts = { client: ChainClient; ledger: Ledger; followed: Followed; access: Access }

/**
 * What a whole channel says of its provider, for the owner.
 *
 * `GET /heddle/1/claims?after=BLOCK&channel=ID`: claims after a block, as the chain has them now, each between the receipts
 * around it; `next` is the block to go on after, `head` the last one that was seen. Throws `chain_down`.
 *
 * `GET /heddle/1/refused?after=N`: receipts that were signed and not paid for, after the first N.
 */
export const channelEndpoints = ({ client, ledger, followed, access }: ClaimParts): Endpoint[] => [
  {
    method: 'GET',
    path: '/heddle/1/claims',
    async handle({ request, response, query }) {
      await access.requireOwner(request)
      const after = countOf(query, 'after', { unless: -1 })
      const channel = query.get('channel')
      if (channel !== null && !/^0x[0-9a-f]{64}$/.test(channel))
        throw new HeddleError('bad_request', 'channel: not a channel id')
      const found = await readClaims(ledger, { after, ...(channel ? { channel: channel as Hex } : {}) })
      const claims: ClaimTold[] = []
      let { next } = found
      for (const { channel, provider, block, transaction, total, below, reached } of found.claims) {
        const place = await readInclusion(client, transaction)
        if (place?.block !== block) {
          // The chain is another one by now; the follower will see it.
          next = block - 1
          break
        }
        const domain = { chainId: client.chainId, settlement: SETTLEMENT_ADDRESS }
        const seen = below?.receipt.seen
        const witnessed = await readWitnessed(client, channel, total)
        const claim = { ...place, ...domain, channel, totalClaimed: total.toString(), witnessed }
        const named = seen && (await readBlockHash(client, seen.block))
        claims.push({
          provider,
          block,
          transaction,
          claim,
          ...(below ? { below } : {}),
          ...(named ? { named } : {}),
          ...(reached ? { reached } : {}),
        })
      }
      const [newest] = await followed.marks()
      sendJson(response, 200, { claims, next, head: newest?.number ?? -1 })
    },
  },
  {
    method: 'GET',
    path: '/heddle/1/refused',
    async handle({ request, response, query }) {
      await access.requireOwner(request)
      sendJson(response, 200, await listRefused(ledger, countOf(query, 'after', { unless: 0 })))
    },
  },
]
