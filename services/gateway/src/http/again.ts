import { type Endpoint, sendJson } from '@heddle/daemon'
import { type Ledger, readOne } from '@heddle/ledger'
import { digestOf, digestOfJson, HeddleError, type SignedJob } from '@heddle/protocol'
import type { Access } from '../access.ts'
import type { Tags } from '../house.ts'
import type { Keys } from '../keys.ts'

/**
 * What a question has in common with others, as digests: `begins` is how it begins (system messages and cache tag),
 * `asks` all of its text, `after`, where it goes on with a conversation, all of the text of the turn before, and
 * `together` the signature, which those that were asked at once may share.
 */
export function likenessOf({ job: { spec }, signature }: SignedJob) {
  const { cache = null, prompt = null, messages } = spec
  const list = Array.isArray(messages) ? (messages as { role?: unknown }[]) : []
  const textOf = (some: readonly unknown[]) => digestOfJson({ messages: some, prompt })
  const answer = list.findLastIndex(({ role }) => role === 'assistant')
  return {
    begins: digestOfJson({ cache, system: list.filter(({ role }) => role === 'system') }),
    asks: textOf(list),
    ...(answer > 0 ? { after: textOf(list.slice(0, answer)) } : {}),
    together: digestOf(signature),
  }
}

/**
 * `GET /heddle/1/receipts/ID/question`, for the owner: what was asked, so that it can be asked again of another
 * provider. `forbidden` unless its key lets that be done, now. Its cache tag may be used as it is from then on.
 */
export const againEndpoint = (ledger: Ledger, keys: Keys, tags: Tags, access: Access): Endpoint => ({
  method: 'GET',
  path: '/heddle/1/receipts/:id/question',
  async handle({ request, response, params }) {
    access.requireAdmin(request)
    const id = params['id'] ?? ''
    const receipt = await readOne(ledger, 'receipts', { id })
    const stored = receipt && (await readOne(ledger, 'jobs', { id }))
    if (!stored) throw new HeddleError('not_found', `no receipt ${id.slice(0, 80)}`)
    if (!(await keys.isShareable(receipt.apiKey))) throw new HeddleError('forbidden', 'its key does not share prompts')
    const { workload, spec } = (JSON.parse(stored.request) as SignedJob).job
    const { cache } = spec
    if (typeof cache === 'string') tags.lend(cache)
    sendJson(response, 200, { workload, spec })
  },
})
