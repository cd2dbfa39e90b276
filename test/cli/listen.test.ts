import assert from 'node:assert/strict'
import { type IncomingHttpHeaders, request } from 'node:http'
import { test } from 'node:test'
import type { SignedOffer } from '@heddle/protocol'
import { lastRun } from '../../apps/cli/src/home/index.ts'
import { pageLink } from '../../apps/cli/src/page.ts'
import { folder } from '../faults/stage.ts'
import { chat, startTestHouse } from '../house.ts'
import { heddle, up } from './heddle.ts'

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
  const home = folder(t)
  for (const args of [
    ['--listen', 'gpu.example'],
    ['--listen', '192.0.2.1'],
    ['--listen', '0.0.0.0', '--sell'],
    ['--allow-host', '*'],
    ['--allow-origin', '*'],
    ['--public-url', 'https://gpu.example/v1'],
    ['--sell-url', 'gpu.example/path'],
    ['--sell-port', '70000'],
  ]) {
    const { code, text } = await heddle(home, ['up', '--engine', 'none', ...args])
    assert.equal(code, 1, text)
    assert.match(text, /setting_invalid/, `${args} ${t.name}`)
    assert.match(text, new RegExp(args.at(-1)!.startsWith('--') ? '--sell-url' : args.at(-2)!), 'it names the flag')
  }
})

test('at every address, by the names and for the pages that its owner names', async t => {
  const home = folder(t)
  const origin = 'app://obsidian.md'
  const flags = ['--listen', '0.0.0.0', '--allow-host', 'nas.local,heddle:8402', '--allow-origin', origin]
  const { text, url } = await up(t, home, { HEDDLE_PUBLIC_URL: 'https://gate.example' }, flags)
  assert.match(text, /every address of this machine[\s\S]*--public-url[\s\S]*nas\.local, heddle:8402; --allow-host/)
  assert.match(text, /OPENAI_BASE_URL=https:\/\/gate\.example\/v1/)
  assert.match(url, /^http:\/\/127\.0\.0\.1:/)
  const key = /key (hd-\S+)/.exec(text)![1]!
  const port = Number(new URL(url).port)
  const ask = (host: string, headers: Record<string, string>, path = '/v1/models') =>
    new Promise<{ status: number; headers: IncomingHttpHeaders }>((resolve, reject) => {
      const authorization = `Bearer ${key}`
      request({ host, port, path, agent: false, headers: { authorization, ...headers } }, response => {
        response.resume()
        response.once('end', () => resolve({ status: response.statusCode!, headers: response.headers }))
      })
        .once('error', reject)
        .end()
    })
  for (const host of ['127.0.0.2', '127.0.0.3']) assert.equal((await ask(host, {})).status, 200)
  for (const host of ['nas.local', 'nas.local:8402', 'heddle:8402', 'gate.example', 'host.docker.internal:8402'])
    assert.equal((await ask('127.0.0.1', { host })).status, 200, host)
  for (const host of ['evil.example', 'heddle:1']) assert.equal((await ask('127.0.0.1', { host })).status, 403, host)
  const page = await ask('127.0.0.1', { origin })
  assert.deepEqual([page.status, page.headers['access-control-allow-origin']], [200, origin])
  assert.equal((await ask('127.0.0.1', { origin: 'https://evil.example' })).status, 403)
  assert.equal((await ask('127.0.0.1', { authorization: '' }, '/health')).status, 200)

  const run = lastRun(home)!
  const admin = { authorization: `Bearer ${run.adminToken}` }
  const keys = '/heddle/1/admin/keys'
  assert.equal((await ask('127.0.0.1', admin, keys)).status, 200)
  assert.equal((await ask('127.0.0.1', { ...admin, origin }, keys)).status, 403, 'no page is the owner')
  assert.match(await pageLink(run), /^https:\/\/gate\.example\/\?token=/)
  // Its own providers are found, though nobody told them a name.
  assert.match((await heddle(home, ['providers'])).out, /http:\/\/127\.0\.0\.1:\d+ +network +up/)
})
