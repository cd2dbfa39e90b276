import { type Endpoint, sendJson } from '@heddle/daemon'
import { readOne } from '@heddle/ledger'
import { HeddleError, type Hex } from '@heddle/protocol'
import { type Opening, openAnswer, openedToJson } from '@heddle/sdk'
import type { Access } from '../access.ts'

/**
 * `GET /heddle/1/receipts/ID/evidence`: all that a check of an answer needs, `{provider, receipt, job, output, leaves}`,
 * for the owner and for the key that paid. Where the provider does not open it, `error` says why in the place of
 * `leaves`. Each question goes to the provider: nothing is kept here.
 */
export const evidenceEndpoint = (opening: Opening, access: Access): Endpoint => ({
  method: 'GET',
  path: '/heddle/1/receipts/:id/evidence',
  async handle(call) {
    const visitor = await access.visitor(call.request)
    const id = call.params['id'] as Hex
    const receipt = await readOne(opening.ledger, 'receipts', { id })
    const seen = receipt && (visitor.kind === 'owner' || visitor.key.id === receipt.apiKey)
    if (!seen) throw new HeddleError('not_found', `no receipt ${id.slice(0, 80)}`)
    sendJson(call.response, 200, openedToJson(await openAnswer(opening, id)))
  },
})
