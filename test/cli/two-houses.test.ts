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
