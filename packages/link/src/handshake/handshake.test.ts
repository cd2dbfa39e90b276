import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { canonical, fromUtf8, isHeddleError, signerOf, toHex, utf8 } from '@heddle/protocol'
import fc from 'fast-check'
import { Answerer } from '../answerer.ts'
import { connectionPair } from '../testing/pair.ts'
import { ann, annAndBob, bob, domain } from '../testing/parties.ts'
import { shakeAsAnswerer, shakeAsDialler } from './handshake.ts'
import { readConfirm, readHello, readWelcome } from './messages.ts'

function stage(t: TestContext, options: Parameters<typeof annAndBob>[0] = {}) {
  const both = annAndBob(options)
  t.after(both.close)
  return both
}
const code = (wanted: string) => (error: unknown) => isHeddleError(error) && error.code === wanted
const nextTurn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
const eve = { signer: signerOf(new Uint8Array(32).fill(3)), domain }

test('both know who the other is', async t => {
  const { dialler, answerer } = stage(t)
  assert.equal((await dialler.link()).peer, bob.signer.address)
  while (answerer.size === 0) await nextTurn()
  assert(answerer.link(ann.signer.address))
})

test('who answers is not who was meant', async t => {
  const { dialler } = stage(t, { bob: { identity: eve } })
  await assert.rejects(dialler.link(), code('link_unauthentic'))
})

test('another chain, another contract', async t => {
  for (const other of [
    { ...domain, chainId: 1 },
    { ...domain, settlement: ann.signer.address },
  ]) {
    const { dialler } = stage(t, { ann: { identity: { ...ann, domain: other } } })
    await assert.rejects(dialler.link(), code('link_wrong_chain'))
  }
})

test('plain records: only on loopback, and only where both say so', async t => {
  const far = stage(t, { ann: { seal: 'none' }, bob: { plain: true } })
  await assert.rejects(far.dialler.link(), code('link_insecure'))
  const unwilling = stage(t, { ann: { seal: 'none' }, loopback: true })
  await assert.rejects(unwilling.dialler.link(), code('link_insecure'))
  const both = stage(t, { ann: { seal: 'none' }, bob: { plain: true }, loopback: true })
  assert((await both.dialler.link()).isConnected)
})

test('what passes is not to be read, unless it is plain', async t => {
  for (const isPlain of [false, true]) {
    const { dialler, connections } = stage(t, {
      ...(isPlain && { ann: { seal: 'none' as const } }),
      bob: { plain: isPlain, onStream: () => undefined },
      loopback: isPlain,
    })
    const link = await dialler.link()
    let seen = ''
    const [[end]] = connections as [(typeof connections)[number]]
    const { pass } = end
    end.pass = message => {
      seen += toHex(message)
      return pass(message)
    }
    link.open(utf8('a secret')).send(utf8('another secret'))
    await new Promise(resolve => setTimeout(resolve))
    await nextTurn()
    assert.equal(seen.includes(toHex(utf8('another secret')).slice(2)), isPlain)
  }
})

test('the newest connection of a party has the link: the one before is over', async t => {
  const first = stage(t)
  const link = await first.dialler.link()
  const second = stage(t, {
    ann: {
      connect: async () => {
        const [near, far] = connectionPair()
        first.answerer.answer(far).catch(() => undefined)
        return near
      },
    },
  })
  const other = await second.dialler.link()
  while (!link.error) await nextTurn()
  assert(other.isConnected)
  assert.equal(first.answerer.size, 1)
})

test('a stranger who says that all generations have been keeps nobody from whoever is dialled next', async t => {
  const evil = { identity: eve, plain: false, milliseconds: 1_000, received: () => undefined }
  const pairs: ReturnType<typeof connectionPair>[] = []
  const { answerer, dialler } = stage(t, {
    ann: {
      to: undefined,
      async connect() {
        const pair = connectionPair()
        pairs.push(pair)
        const answered =
          pairs.length === 1
            ? shakeAsAnswerer(pair[1], { ...evil, newest: () => Number.MAX_SAFE_INTEGER - 1 })
            : answerer.answer(pair[1])
        answered.catch(() => undefined)
        return pair[0]
      },
    },
  })
  await assert.rejects(dialler.link(), code('link_fenced'))
  const link = await dialler.link()
  while (!answerer.link(ann.signer.address)) await nextTurn()
  pairs[1]![0].close()
  while (pairs.length < 3 || (!link.isConnected && pairs.length < 6)) await nextTurn()
  assert(link.isConnected)
})

test('a generation that has been is fenced, and the next is above it', async t => {
  const seen: unknown[] = []
  const { dialler, answerer, connections } = stage(t, { bob: { onLink: link => seen.push(link.session) } })
  const future = Date.now() + 1e9
  const clock = Date.now
  t.after(() => {
    Date.now = clock
  })
  Date.now = () => future
  await dialler.link()
  while (seen.length < 1) await nextTurn()
  Date.now = clock
  // The same key in a new program, whose clock is right: what was signed tells it what to be above.
  const again = stage(t, {
    ann: {
      connect: async () => {
        const pair = connectionPair()
        connections.push(pair)
        answerer.answer(pair[1]).catch(() => undefined)
        return pair[0]
      },
    },
  })
  await assert.rejects(again.dialler.link(), code('link_fenced'))
  assert((await again.dialler.link()).isConnected)
})

/** What a first handshake between Ann and Bob said, both ways. */
async function recorded(t: TestContext) {
  const { dialler, connections } = stage(t)
  const said: Uint8Array[] = []
  const answered: Uint8Array[] = []
  const wait = dialler.link()
  await Promise.resolve()
  const [[near, far]] = connections as [(typeof connections)[number]]
  const [passNear, passFar] = [near.pass, far.pass]
  near.pass = message => {
    said.push(message)
    return passNear(message)
  }
  far.pass = message => {
    answered.push(message)
    return passFar(message)
  }
  await wait
  while (said.length < 2 || answered.length < 1) await nextTurn()
  return { said, answered }
}

test('a handshake that is played again comes to nothing, and fences nobody', async t => {
  const { said } = await recorded(t)
  const links: unknown[] = []
  const answerer = new Answerer({ identity: bob, onStream: () => undefined, onLink: link => links.push(link) })
  t.after(() => answerer.close())
  const [near, far] = connectionPair()
  const answering = answerer.answer(far)
  for (const message of said) near.send(message)
  await assert.rejects(answering, code('link_broken'))
  assert.equal(answerer.size, 0)
  assert.deepEqual(links, [])
})

test('whoever stands between and puts in a key of its own is found out', async t => {
  const { dialler, connections, refusals } = stage(t)
  const wait = dialler.link()
  await Promise.resolve()
  const [[near]] = connections as [(typeof connections)[number]]
  const { pass } = near
  near.pass = message => {
    near.pass = pass
    const hello = JSON.parse(fromUtf8(message))
    return [utf8(canonical({ ...hello, ephemeral: toHex(new Uint8Array(32).fill(9)) }))]
  }
  await assert.rejects(wait, code('link_unauthentic'))
  while (refusals.length === 0) await nextTurn()
})

test('a key of small order ends it', async t => {
  const { dialler } = stage(t)
  const answerer = new Answerer({ identity: bob, onStream: () => undefined })
  const [near, far] = connectionPair()
  const answering = answerer.answer(far)
  const { said } = await recorded(t)
  near.send(utf8(canonical({ ...JSON.parse(fromUtf8(said[0]!)), ephemeral: toHex(new Uint8Array(32)) })))
  await assert.rejects(answering, code('link_broken'))
  dialler.close()
})

test('a session of another is not gone on with, whoever knows its name', async t => {
  const { dialler, answerer } = stage(t)
  const { session } = await dialler.link()
  while (answerer.size === 0) await nextTurn()
  const [near, far] = connectionPair()
  const answering = answerer.answer(far)
  const shaken = await shakeAsDialler(near, {
    identity: eve,
    generation: 1,
    resumes: { received: 0, session },
    seal: 'aes-256-gcm',
    milliseconds: 5_000,
  })
  assert.equal(shaken.arrived, null)
  assert.notEqual((await answering).session, session)
  assert.equal(answerer.link(ann.signer.address)?.session, session)
  assert.equal(answerer.size, 2)
})

test('a session is gone on with from a cursor that it has, and from no other', async t => {
  for (const received of [1, 99]) {
    const { dialler, answerer, line, connections } = stage(t, { bob: { onStream: () => undefined } })
    const { session } = await dialler.link()
    while (answerer.size === 0) await nextTurn()
    line.isUp = false
    connections[0]![0].close()
    const [near, far] = connectionPair()
    const answering = answerer.answer(far)
    const resumes = { received, session }
    await shakeAsDialler(near, {
      identity: ann,
      generation: 2 ** 52,
      resumes,
      seal: 'aes-256-gcm',
      milliseconds: 5_000,
    })
    await assert.rejects(answering, code('link_broken'))
  }
})

test('a peer that says nothing is waited for as long as a handshake may take', async t => {
  const { dialler } = stage(t, { ann: { limits: { handshake: 50 }, connect: async () => connectionPair()[0] } })
  await assert.rejects(dialler.link(), code('link_slow'))
  const answerer = new Answerer({ identity: bob, onStream: () => undefined, limits: { handshake: 50 } })
  await assert.rejects(answerer.answer(connectionPair()[1]), code('link_slow'))
})

test('any bytes for any message are read, or link_broken', async t => {
  const { said, answered } = await recorded(t)
  const like = fc
    .constantFrom(said[0]!, answered[0]!)
    .chain(message =>
      fc.tuple(fc.nat({ max: message.length - 1 }), fc.nat({ max: 255 })).map(([at, byte]) => message.with(at, byte)),
    )
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.json().map(utf8), like), bytes => {
      for (const read of [readHello, readWelcome, readConfirm]) {
        try {
          assert.deepEqual(utf8(canonical(read(bytes))), bytes)
        } catch (error) {
          assert(isHeddleError(error, 'link_broken'), String(error))
        }
      }
    }),
  )
})
