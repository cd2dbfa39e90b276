import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { isHeddleError, signerOf, utf8 } from '@heddle/protocol'
import { Answerer, type AnswererOptions } from './answerer.ts'
import { Dialler } from './dialler.ts'
import type { Link } from './session/link.ts'
import { connectionPair } from './testing/pair.ts'
import { bob, domain } from './testing/parties.ts'

/** Bob, and as many who dial him as are asked for. */
function stage(t: TestContext, options: Partial<AnswererOptions>) {
  const answerer = new Answerer({ identity: bob, onStream: () => undefined, ...options })
  const dial = (key: number): Promise<Link> => {
    const dialler = new Dialler({
      identity: { signer: signerOf(new Uint8Array(32).fill(key)), domain },
      onStream: stream => stream.reset('not_found'),
      async connect() {
        const [near, far] = connectionPair()
        answerer.answer(far).catch(() => undefined)
        return near
      },
    })
    t.after(() => dialler.close())
    return dialler.link()
  }
  t.after(() => answerer.close())
  return { answerer, dial }
}

test('where there are as many links as may be, one that does nothing makes room', async t => {
  const { dial } = stage(t, { most: 2 })
  const busy = await dial(11)
  busy.open(utf8('x'))
  const idle = await dial(12)
  const third = await dial(13)
  assert.match((await idle.over).message, /link_full/)
  third.open(utf8('x'))
  assert.equal(busy.error, undefined)
  // All have something to do now.
  const fourth = await dial(14)
  while (fourth.isConnected) await new Promise(setImmediate)
  assert.equal(busy.error, undefined)
  assert.equal(third.error, undefined)
})

test('where all links together keep too much, the one that keeps most is ended', async t => {
  const { dial } = stage(t, { memory: 300_000 })
  const [light, heavy] = [await dial(11), await dial(12)]
  light.open(utf8('x')).send(new Uint8Array(120_000))
  heavy.open(utf8('x')).send(new Uint8Array(220_000))
  const why = await heavy.over
  assert(isHeddleError(why, 'link_lost') && /link_full/.test(why.message), why.message)
  assert.equal(light.error, undefined)
})

test('another program with the same key is told that it was fenced, and does not dial by itself', async t => {
  const { dial } = stage(t, {})
  const first = await dial(11)
  await dial(11)
  assert.match((await first.over).message, /link_fenced/)
})

test('a handshake that ends after its answerer did makes no link', async t => {
  const { answerer, dial } = stage(t, {})
  const dialled = dial(11)
  answerer.close()
  const link = await dialled.catch(() => undefined)
  while (link?.isConnected) await new Promise(setImmediate)
  assert.equal(answerer.size, 0)
})
