import assert from 'node:assert/strict'
import { test } from 'node:test'
import { folder } from '../faults/stage.ts'
import { heddle, up } from './heddle.ts'

type Key = { name: string; cap: string; policy: string; rate?: number; tokens?: number; expires?: number }

test('an own engine, its keys and its usage, from the command line', async t => {
  const home = folder(t)
  const { text, url } = await up(t, home, {}, ['--engine', 'built-in'])
  assert.match(text, /own engine \(built-in\)/)
  assert.match(text, /✓ 1 answer · \d+ tokens · 0 HED/)
  const ask = (key: string): Promise<Response> =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ model: 'heddle-tiny', messages: [{ role: 'user', content: 'Hello!' }], max_tokens: 8 }),
    })

  await t.test('a key is made with its terms, shown once, used, and revoked', async () => {
    const terms =
      '--cap 5 --rate 60/min --tokens 100000/min --expires 2099-12-31 --policy own-only --models heddle-tiny'
    const made = await heddle(home, ['keys', 'add', 'bob', ...terms.split(' ')])
    const key = made.out.trim()
    assert.match(key, /^hd-\S+$/)
    assert.equal((await ask(key)).status, 200)
    const listed = await heddle(home, ['keys', 'list', '--json'])
    assert.ok(!listed.text.includes(key))
    const bob = (JSON.parse(listed.out) as { keys: Key[] }).keys.find(one => one.name === 'bob')!
    assert.equal(bob.cap, '5000000000000000000')
    assert.deepEqual([bob.rate, bob.tokens, bob.policy], [60, 100_000, 'own-only'])
    assert.equal(bob.expires, Date.UTC(2099, 11, 31))
    assert.match((await heddle(home, ['keys'])).out, /bob +5 +0 +0 +own-only +60\/min +100000\/min +until 2099-12-31/)
    await heddle(home, ['keys', 'add', 'eve', '--cap', '1', '--share-prompts'])
    assert.match((await heddle(home, ['keys'])).out, /bob .* kept .*\n[\s\S]*eve .* shared/)
    assert.match((await heddle(home, ['keys', 'revoke', 'bob'])).out, /bob is refused/)
    assert.equal((await ask(key)).status, 401)
    assert.match((await heddle(home, ['keys', 'revoke', 'bob'])).text, /key_unknown/)
    for (const wrong of [
      ['--cap', 'lots'],
      ['--cap', '1', '--rate', 'often'],
      ['--cap', '1', '--expires', 'never'],
      ['--cap', '1', '--expires', '2020-01-01'],
      ['--cap', '1', '--policy', 'free'],
      ['--cap', '1', '--models', 'a,,b'],
      ['--cap', '1', '--expire', '2099-12-31'],
      ['--cap', '1', '--per', 'day'],
    ]) {
      const { code, text } = await heddle(home, ['keys', 'add', 'x', ...wrong])
      assert.equal(code, 2, wrong.join(' '))
      assert.match(text, new RegExp(`✗ ${wrong.at(-2)}\\b.*\\(usage_wrong\\)`), wrong.join(' '))
    }
    assert.ok(!/^x /m.test((await heddle(home, ['keys'])).out), 'and no key was made')
  })

  await t.test('usage: sums, every request as CSV, one key alone', async () => {
    assert.match((await heddle(home, ['usage'])).out, /first +1 [\s\S]*bob|bob +1 [\s\S]*first/)
    const csv = (await heddle(home, ['usage', '--csv', '--key', 'bob'])).out.trim().split('\r\n')
    assert.equal(csv.length, 2)
    assert.match(csv[1]!, /^\d{4}-\S+Z,bob,heddle-tiny,0x[0-9a-f]{40},true,/)
    const empty = await heddle(home, ['usage', '--json', '--to', '2000-01-01'])
    assert.deepEqual((JSON.parse(empty.out) as { rows: unknown[] }).rows, [])
  })

  await t.test('a link opens the page, and the books agree', async () => {
    const link = (await heddle(home, ['page'])).out.trim()
    assert.ok([303, 404].includes((await fetch(link, { redirect: 'manual' })).status))
    assert.match((await heddle(home, ['providers'])).out, / own +up/)
    assert.match((await heddle(home, ['reconcile'])).out, /green/)
  })
})

test('an engine that is named and not there is said to be so', async t => {
  const home = folder(t)
  const wrong = async (args: string[], pattern: RegExp): Promise<void> => {
    const { code, text } = await heddle(home, ['up', ...args])
    assert.notEqual(code, 0)
    assert.match(text, pattern)
  }
  await wrong(['--engine', 'warp-drive'], /setting_invalid/)
  await wrong(['--engine', 'auto', '--engine-url', 'http://127.0.0.1:9'], /none answers at http:\/\/127\.0\.0\.1:9/)
  await wrong(['--engine', 'ollama', '--engine-url', 'http://127.0.0.1:9'], /engine_down|engine_slow/)
  await wrong(['--engine', 'built-in', '--buy-from', 'somewhere'], /--buy-from/)
  await wrong(['--engine', 'built-in', '--providers', '99'], /--providers/)
})

test('an engine that speaks OpenAI’s API, here another house, is used in place: its models answer for nothing', async t => {
  const [engineHome, home] = [folder(t), folder(t)]
  const engine = await up(t, engineHome, {}, ['--engine', 'built-in'])
  const key = /key (hd-\S+)/.exec(engine.text)![1]
  const env = { HEDDLE_ENGINE: 'openai', HEDDLE_ENGINE_URL: engine.url, HEDDLE_ENGINE_KEY: key }
  const { text } = await up(t, home, env)
  assert.match(text, /own engine \(openai http/)
  assert.match(text, /✓ 1 answer · \d+ tokens · 0 HED/)
  assert.match((await heddle(home, ['providers'])).out, / own +up .*heddle-tiny/)
  assert.match((await heddle(home, ['reconcile'])).out, /green/)
  const found = await heddle(home, ['engines'], { HEDDLE_ENGINE: undefined, HEDDLE_ENGINE_KEY: key })
  assert.match(found.out, new RegExp(`^openai ${engine.url}`), 'the engine that this house uses, wherever it is')
})
