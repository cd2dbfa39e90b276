import assert from 'node:assert/strict'
import { test } from 'node:test'
import { folder } from '../faults/stage.ts'
import { heddle, up } from './heddle.ts'

test('a house on the chain of another house; a home of one chain is refused on the next', async t => {
  const [first, second] = [folder(t), folder(t)]
  const owner = await up(t, first)
  const { run } = JSON.parse((await heddle(first, ['status', '--json'])).text) as {
    run: { chain: { url: string; asset: string } }
  }
  const guest = await up(t, second, { HEDDLE_CHAIN_URL: run.chain.url, HEDDLE_ASSET: run.chain.asset })
  assert.match(guest.text, /✓ 1 answer/)
  assert.match((await heddle(second, ['reconcile'])).text, /green/)
  await guest.stop()
  const moved = await heddle(second, ['up'])
  assert.match(moved.text, /chain_wrong/)
  await owner.stop()
})

test('one house sells and another buys, by what the first one prints; without that, another chain is said to be one', async t => {
  const [first, second] = [folder(t), folder(t)]
  const state = { XDG_STATE_HOME: `${first}.state` }
  const seller = await up(t, first, { ...state, HEDDLE_ENGINE: 'built-in' }, ['--sell'])
  const [, sells, printed] =
    /Sell: {2}(\S+) .*\n.*: heddle up --home NEW (--port 0 --engine none --buy-from .*)/.exec(seller.text) ?? []
  assert.ok(sells && printed, seller.text)
  const lost = await heddle(second, ['up', '--buy-from', sells], state)
  assert.equal(lost.code, 1)
  assert.match(lost.text, /another chain: it sells on \d+ .*, this house pays on \d+\b.*\(chain_other\)/)
  const flags = /on this machine: (.*?) {2}\(chain_other\)/.exec(lost.text)?.[1]
  assert.equal(`--port 0 ${flags}`, printed, 'it says what the seller says')

  const buyer = await up(t, second, { ...state, HEDDLE_ENGINE: undefined }, printed.split(' '))
  assert.match(buyer.text, /✓ 1 answer · \d+ tokens · 0\.\d+ HED/, buyer.text)
  assert.doesNotMatch(buyer.text, /^! /m)
  assert.match((await heddle(second, ['providers'])).out, new RegExp(`${sells} +network +up`))
  assert.match((await heddle(second, ['reconcile'])).text, /green/)
  await buyer.stop()
  await seller.stop()
})
