import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Finding } from '@heddle/protocol'
import { lastRun } from '../../apps/cli/src/home/index.ts'
import { heddle, up } from '../cli/heddle.ts'
import { folder } from '../faults/stage.ts'
import { readingFrom } from './stage.ts'
import { watching } from './watching.ts'

test('a house with real weights: calibrated, checked, watched, and watched on after a restart', async t => {
  const home = folder(t)
  const house = await up(t, home)
  const key = /key (hd-\S+)/.exec(house.text)![1]
  const request = {
    model: 'heddle-tiny',
    messages: [{ role: 'user', content: 'Tell me a story about a loom.' }],
    max_tokens: 128,
  }
  const ask = async (url: string): Promise<string> => {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify(request),
    })
    const answer = (await response.json()) as { heddle: { receipt: string } }
    return answer.heddle.receipt
  }
  const id = await ask(house.url)

  await t.test('what was asked is held against the receipt', async () => {
    const file = join(home, 'request.json')
    const asked = (extra: readonly string[] = []) => heddle(home, ['receipt', 'asked', id, '--request', file, ...extra])
    writeFileSync(file, JSON.stringify(request))
    assert.deepEqual(await asked().then(({ code, out }) => [code, /✓ as asked/.test(out)]), [0, true])
    const wrong = await asked(['--nonce', `0x${'0'.repeat(64)}`])
    assert.equal(wrong.code, 1, wrong.text)
    assert.match(wrong.out, /✗ not as asked[\s\S]*nonce: asked 0x0{64}, the receipt says 0x/)
    writeFileSync(file, JSON.stringify({ ...request, max_tokens: 5 }))
    assert.match((await asked()).out, /maxCompletion: asked 5, the receipt says 128/)
    assert.equal((await heddle(home, ['receipt', 'asked', id, '--request', '/nowhere'])).code, 3)
  })

  await t.test('what nobody calibrated cannot be measured', async () => {
    const { code, out, text } = await heddle(home, ['receipt', 'check', id])
    assert.equal(code, 2, out)
    assert.match(out, /\? inconclusive[\s\S]*distance: the model is not calibrated/)
    assert.match(text, /cannot be measured before: heddle calibrate heddle-tiny/)
    const { first } = JSON.parse((await heddle(home, ['receipt', 'check', id, '--json'])).out) as { first: string }
    assert.match(first, /heddle calibrate heddle-tiny$/)
  })

  await t.test('calibration is measured and stored', async () => {
    const { code, text } = await heddle(home, ['calibrate', 'heddle-tiny', '--answers', '1'])
    assert.equal(code, 0, text)
    assert.match(text, /✓ .*calibrations\/0x[0-9a-f]{64}\.json/)
  })

  await t.test('an honest answer is found honest, with its distance and what that is worth', async () => {
    const { code, out } = await heddle(home, ['receipt', 'check', id])
    assert.equal(code, 0, out)
    for (const line of [
      /✓ honest/,
      /check +distance/,
      /threshold +\S+/,
      /false positives +at most/,
      /cost .* \d+ tokens/,
    ])
      assert.match(out, line)
    const { distance, threshold } = JSON.parse((await heddle(home, ['receipt', 'check', id, '--json'])).out) as Finding
    assert.ok(distance! <= threshold!)
  })

  await t.test('a watcher finds the same, and goes on when the house was started again', async () => {
    const watcher = await watching(t, home, ['--share', '1', '--canaries-per-hour', '0'])
    const reading = readingFrom(watcher.url, () => lastRun(home)?.adminToken ?? '')
    const before = await reading.checked(2)
    assert.equal(before.find(one => one.id === id)!.verdict, 'honest')
    await house.stop()
    const again = await up(t, home)
    const next = await ask(again.url)
    const after = await reading.checked(before.length + 1)
    assert.equal(after.find(one => one.id === next)!.verdict, 'honest')
    assert.equal(new Set(after.map(one => one.id)).size, after.length)
    await watcher.stop()
  })
})
