import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChatSpec } from '@heddle/inference/workload'
import { anthropicDoor, openAiDoor } from '../../workloads/inference/src/door.ts'
import { call, model, recordingHouse } from '../../workloads/inference/src/testing/house.ts'
import { readRecorded } from './recorded.ts'

type Tool = { type?: string; name?: string; function?: { name: string }; tools?: { name: string }[] }

/** The functions that a request offers, also those in a namespace; a tool that a server would run is none. */
const functionsIn = (tools: readonly Tool[]): string[] =>
  tools.flatMap(
    tool => tool.tools?.map(({ name }) => name) ?? tool.function?.name ?? (isServers(tool) ? [] : tool.name!),
  )

const isServers = ({ type }: Tool): boolean => type !== undefined && type !== 'function' && type !== 'custom'

for (const { client, version, requests } of readRecorded()) {
  for (const { path, body } of requests) {
    test(`${client} ${version}, ${path}: what it sent is understood, and every tool reaches the engine`, async () => {
      const { house, asked } = recordingHouse({ models: [{ ...model, context: 131_072 }] })
      const [route] = path.split('?')
      const door = route === '/v1/messages' ? anthropicDoor : openAiDoor
      const { status, json, text } = await call(door, house, 'POST', route!, { ...(body as object), model: model.id })
      assert.equal(status, 200, JSON.stringify(json))
      assert.doesNotMatch(text, /"error":\{/)
      const spec = asked[0]!.question.spec as ChatSpec
      const { tools = [] } = body as { tools?: Tool[] }
      assert.deepEqual(spec.tools?.map(({ name }) => name) ?? [], functionsIn(tools))
    })
  }
}
