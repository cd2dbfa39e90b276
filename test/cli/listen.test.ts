import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SignedOffer } from '@heddle/protocol'
import { chat, startTestHouse } from '../house.ts'
import { heddle } from './heddle.ts'

test('a house that listens elsewhere is reached there, says so in its offers, and is reached nowhere else', async t => {
  const house = await startTestHouse(t, { providers: 1, reach: { host: '127.0.0.2' } })
  const { gateway, providers } = house.run
  assert.match(gateway.url, /^http:\/\/127\.0\.0\.2:\d+$/)
  const answer = await chat(house, { messages: [{ role: 'user', content: 'Tell me a story.' }], max_tokens: 8 })
  assert.equal(answer.status, 200)
  const response = await fetch(`${providers[0]!.url}/heddle/1/offers`)
  const { offers } = (await response.json()) as { offers: SignedOffer[] }
  assert.deepEqual(new Set(offers.map(({ offer }) => offer.endpoint)), new Set([providers[0]!.url]))
  await assert.rejects(fetch(`http://127.0.0.1:${gateway.port}/v1/models`))
  const foreign = await fetch(`${gateway.url}/v1/models`, { headers: { origin: 'http://page.example' } })
  assert.equal(foreign.status, 403)
})

test('what is no address of this machine is refused before anything starts', async t => {
  for (const args of [
    ['--listen', 'gpu.example'],
    ['--listen', '0.0.0.0'],
    ['--sell-url', 'gpu.example/path'],
    ['--sell-port', '70000'],
  ]) {
    const { code, text } = await heddle('/nowhere', ['up', '--engine', 'none', ...args])
    assert.equal(code, 1, text)
    assert.match(text, /setting_invalid|no address|every address|not a port|without a path/, t.name)
  }
})
