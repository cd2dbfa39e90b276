import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { renderPage } from '../../scripts/compatibility.ts'
import { anthropicDoor, openAiDoor } from '../../workloads/inference/src/door.ts'
import { call, recordingHouse } from '../../workloads/inference/src/testing/house.ts'
import { type Decision, pages } from './fields.ts'
import { page, readTable } from './table.ts'

const vector = { embedding: { index: 0, data: 'AACAPw==' } }

function setup(path: string, body: object) {
  const door = path === '/v1/messages' ? anthropicDoor : openAiDoor
  const { house, asked } = recordingHouse({ deltas: path === '/v1/embeddings' ? [vector] : ['hi'] })
  const send = (more: object) => call(door, house, 'POST', path, { ...body, ...more })
  return { send, asked }
}

type Failed = { error: { param?: string }; heddle?: { param: string } }

for (const { title, path, body, fields } of pages) {
  test(`${title}: every field is honoured, or passed over and named, or refused by its name`, async () => {
    const { send, asked } = setup(path, body)
    for (const [field, { takes = [], refuses = [], passes = [], beside = {} }] of Object.entries<Decision>(fields)) {
      for (const value of takes) {
        const { status, json, text, headers } = await send({ ...beside, [field]: value })
        assert.equal(status, 200, `${field}: ${JSON.stringify(value)} gave ${JSON.stringify(json)}`)
        assert.equal(headers['heddle-unused'], undefined, `${field}: ${JSON.stringify(value)}`)
        assert.doesNotMatch(text, /"error":\{/)
      }
      for (const value of passes) {
        const { status, json, headers } = await send({ ...beside, [field]: value })
        assert.equal(status, 200, `${field}: ${JSON.stringify(value)} gave ${JSON.stringify(json)}`)
        assert.ok(headers['heddle-unused']?.startsWith(field), `${field}: ${JSON.stringify(value)} is not named`)
      }
      asked.length = 0
      for (const value of refuses) {
        const { status, json } = await send({ ...beside, [field]: value })
        assert.equal(status, 400, `${field}: ${JSON.stringify(value)}`)
        const { error, heddle } = json as Failed
        const named = heddle?.param ?? error.param ?? ''
        assert.ok(named.startsWith(field), `${field} was refused as ${named}`)
      }
      assert.equal(asked.length, 0, `${field} was asked for all the same`)
      assert.ok(takes.length + refuses.length + passes.length > 0, `${field} is not tried`)
    }
  })
}

test('docs/compatibility.md is what was found: node scripts/compatibility.ts writes it', () => {
  assert.equal(readFileSync(page, 'utf8'), renderPage(readTable()))
})
