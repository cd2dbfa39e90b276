import { type Call, type Endpoint, sendJson } from '@heddle/daemon'
import { amountSchema, HeddleError } from '@heddle/protocol'
import { z } from 'zod'
import type { Access } from '../access.ts'
import { keyNameSchema, keyTermsSchema } from '../key-terms.ts'
import type { KeyState, Keys } from '../keys.ts'

const newKeySchema = z.strictObject({
  name: keyNameSchema,
  /** Base units. */
  cap: amountSchema,
  ...keyTermsSchema.omit({ revoked: true }).shape,
})

/** A key as JSON: amounts are decimal strings of base units, times unix milliseconds. */
export const keyToJson = ({ row, terms, held }: KeyState) => ({
  name: row.name,
  cap: row.cap.toString(),
  spent: row.spent.toString(),
  held: held.toString(),
  created: row.created,
  policy: 'own-first' as const,
  ...terms,
})

/** Makes, lists and revokes keys, and changes their caps, for the owner; a key sees itself. */
export function keyEndpoints(keys: Keys, access: Access): Endpoint[] {
  const owner = (handle: (call: Call) => Promise<void>) => (call: Call) => {
    access.requireAdmin(call.request)
    return handle(call)
  }
  return [
    {
      method: 'GET',
      path: '/heddle/1/admin/keys',
      handle: owner(async ({ response }) => sendJson(response, 200, { keys: (await keys.all()).map(keyToJson) })),
    },
    {
      method: 'POST',
      path: '/heddle/1/admin/keys',
      handle: owner(async call => {
        const body = newKeySchema.safeParse(await call.json())
        if (!body.success) {
          const issue = body.error.issues[0]
          throw new HeddleError('bad_request', issue && `${issue.path.join('.')}: ${issue.message}`)
        }
        const { name, cap, ...terms } = body.data
        const key = await keys.add({ name, cap: BigInt(cap) }, terms)
        sendJson(call.response, 200, { key, name, cap, ...terms })
      }),
    },
    {
      method: 'PATCH',
      path: '/heddle/1/admin/keys/:name',
      handle: owner(async call => {
        const body = z.strictObject({ cap: amountSchema }).safeParse(await call.json())
        if (!body.success) throw new HeddleError('bad_request', 'cap: a decimal string of base units, and nothing else')
        const state = await keys.recap(call.params['name'] ?? '', BigInt(body.data.cap))
        sendJson(call.response, 200, keyToJson(state))
      }),
    },
    {
      method: 'DELETE',
      path: '/heddle/1/admin/keys/:name',
      handle: owner(async ({ params, response }) =>
        sendJson(response, 200, keyToJson(await keys.revoke(params['name'] ?? ''))),
      ),
    },
    {
      method: 'GET',
      path: '/heddle/1/key',
      async handle({ request, response }) {
        const { id } = await keys.enter(request.headers)
        sendJson(response, 200, keyToJson((await keys.all()).find(({ row }) => row.id === id)!))
      },
    },
  ]
}
