import assert from 'node:assert/strict'
import type { Door } from '@heddle/protocol'
import { openAiDoor } from '../door.ts'
import { inferenceSpecSchema } from '../workload.ts'
import { call, recordingHouse, settlement } from './house.ts'

export type Script = Parameters<typeof recordingHouse>[0]

/** One route of a door before a house that records what it is asked; `hello` is the least body that the route takes. */
export function askDoor(door: Door, path: string, hello: object, script?: Script) {
  const { house, asked } = recordingHouse(script)
  const post = (body: unknown, signal?: AbortSignal, headers: Readonly<Record<string, string>> = {}) =>
    call(door, house, 'POST', path, body, { headers, ...(signal && { signal }) })
  /** The spec that a body becomes, which must already be what the workload's schema says. */
  const specOf = async (body: object) => {
    const { status, json } = await post({ ...hello, ...body })
    assert.equal(status, 200, JSON.stringify(json))
    const { spec } = asked.at(-1)!.question
    assert.deepEqual(inferenceSpecSchema.parse(spec), spec)
    return spec as Record<string, unknown>
  }
  return { post, specOf, asked }
}

export const hello = { model: 'toy', messages: [{ role: 'user', content: 'hi' }] }
export const askChat = (script?: Script) => askDoor(openAiDoor, '/v1/chat/completions', hello, script)

/** A tool in the words of OpenAI's chat. */
export const weather = { type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }

/** The error that an answer of OpenAI's holds. */
export const errorOf = ({ json }: { json: unknown }) => (json as { error: Record<string, unknown> }).error

/** What every answer says about its own price. */
export const note = { receipt: settlement.receipt, charge: '27', provider: settlement.provider }
