import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { concat, fromUtf8, isHeddleError, utf8 } from '@heddle/protocol'
import fc from 'fast-check'
import { encodeFrame } from '../frames/frame.ts'
import { WINDOW } from '../limits.ts'
import { ann, annAndBob } from '../testing/parties.ts'
import type { Link } from './link.ts'
import type { Stream } from './stream.ts'

/** All messages of a stream, to its end. */
async function all(stream: Stream): Promise<Uint8Array[]> {
  const messages: Uint8Array[] = []
  for (let some = await stream.receive(); some; some = await stream.receive()) messages.push(...some)
  return messages
}

/** Sends back what comes, and ends when the other side does. */
async function echo(stream: Stream): Promise<void> {
  for (let some = await stream.receive(); some; some = await stream.receive()) {
    for (const message of some) stream.send(message)
    await stream.ready()
  }
  stream.end()
}
const echoes = { onStream: (stream: Stream) => void echo(stream).catch(() => undefined) }

function stage(t: TestContext, options: Parameters<typeof annAndBob>[0] = {}) {
  const both = annAndBob({ ...options, bob: { ...echoes, ...options.bob } })
  t.after(both.close)
  return both
}

test('messages go both ways, whole and in order, on many streams at once', async t => {
  const { dialler } = stage(t)
  const link = await dialler.link()
  const streams = Array.from({ length: 50 }, (_, i) => link.open(utf8(`stream ${i}`)))
  const told = await Promise.all(
    streams.map(async (stream, i) => {
      for (let j = 0; j < 20; j++) stream.send(utf8(`${i} ${j}`))
      stream.end()
      return (await all(stream)).map(fromUtf8)
    }),
  )
  for (const [i, messages] of told.entries())
    assert.deepEqual(
      messages,
      Array.from({ length: 20 }, (_, j) => `${i} ${j}`),
    )
  assert.equal(link.streams, 0)
})

test('what is said in one turn leaves in one message', async t => {
  const { dialler, connections } = stage(t)
  const link = await dialler.link()
  let sent = 0
  const [[end]] = connections as [(typeof connections)[number]]
  const { pass } = end
  end.pass = message => {
    sent += 1
    return pass(message)
  }
  const streams = Array.from({ length: 20 }, () => link.open(utf8('x')))
  for (const stream of streams) {
    stream.send(utf8('one'))
    stream.send(utf8('two'))
    stream.end()
  }
  await Promise.all(streams.map(all))
  // Twenty streams with two messages and an end each; besides it, what confirms.
  assert(sent <= 3, `${sent} messages`)
})

/** How many messages its own side puts on a connection. */
function counted(connections: ReturnType<typeof stage>['connections']) {
  const [[end]] = connections as [(typeof connections)[number]]
  const { pass } = end
  const count = { sent: 0 }
  end.pass = message => {
    count.sent += 1
    return pass(message)
  }
  return count
}

test('what may wait leaves with the next that may not, in order, and by itself after a while', async t => {
  const { dialler, connections } = stage(t, { ann: { limits: { gather: 60_000 } } })
  const link = await dialler.link()
  const count = counted(connections)
  const streams = Array.from({ length: 20 }, () => link.open(utf8('x')))
  await nextTurn()
  const begun = count.sent
  for (const stream of streams) {
    stream.send(utf8('one'), { mayWait: true })
    await nextTurn()
  }
  assert.equal(count.sent, begun, 'nothing has left yet')
  for (const stream of streams) stream.send(utf8('two'))
  for (const stream of streams) stream.end()
  await nextTurn()
  assert.equal(count.sent, begun + 1)
  for (const stream of streams) assert.deepEqual((await all(stream)).map(fromUtf8), ['one', 'two'])

  const quick = stage(t, { ann: { limits: { gather: 1 } } })
  const alone = (await quick.dialler.link()).open(utf8('x'))
  alone.send(utf8('one'), { mayWait: true })
  assert.deepEqual((await alone.receive())!.map(fromUtf8), ['one'])
})

test('where nothing is gathered, what may wait leaves with its turn', async t => {
  const { dialler, connections } = stage(t, { ann: { limits: { gather: 0 } } })
  const link = await dialler.link()
  const count = counted(connections)
  const stream = link.open(utf8('x'))
  await nextTurn()
  const begun = count.sent
  stream.send(utf8('one'), { mayWait: true })
  await nextTurn()
  assert.equal(count.sent, begun + 1)
})

test('what waits to leave is there still when the connection drops', async t => {
  const { dialler } = stage(t, { ann: { limits: { gather: 60_000 } } })
  const link = await dialler.link()
  const stream = link.open(utf8('x'))
  stream.send(utf8('one'), { mayWait: true })
  link.drop()
  await dialler.link()
  stream.end()
  assert.deepEqual((await all(stream)).map(fromUtf8), ['one'])
})

test('a message of megabytes goes in parts; one above what is allowed ends its stream, and only that', async t => {
  const { dialler } = stage(t, { bob: { limits: { message: 1 << 20 } } })
  const link = await dialler.link()
  const fits = link.open(utf8('fits'))
  const message = new Uint8Array(900_000).map((_, i) => i % 251)
  fits.send(message)
  fits.end()
  assert.deepEqual(concat(...(await all(fits))), message)
  const above = link.open(utf8('above'))
  above.send(new Uint8Array(1_200_000))
  await assert.rejects(all(above), error => isHeddleError(error, 'aborted') && error.message === 'body_too_large')
  const after = link.open(utf8('after'))
  after.send(utf8('still here'))
  after.end()
  assert.deepEqual((await all(after)).map(fromUtf8), ['still here'])
})

test('whoever does not read holds up his own stream, and no other', async t => {
  const lazy: Stream[] = []
  const onStream = (stream: Stream): void => {
    if (fromUtf8(stream.about) === 'lazy') lazy.push(stream)
    else echoes.onStream(stream)
  }
  const { dialler } = stage(t, { bob: { onStream } })
  const link = await dialler.link()
  const slow = link.open(utf8('lazy'))
  const parts = (4 * WINDOW) / 1_000
  for (let i = 0; i < parts; i++) slow.send(new Uint8Array(1_000).fill(i % 256))
  let isReady = false
  const ready = slow.ready().then(() => {
    isReady = true
  })
  const quick = link.open(utf8('quick'))
  quick.send(utf8('hello'))
  quick.end()
  assert.deepEqual((await all(quick)).map(fromUtf8), ['hello'])
  assert(!isReady)
  slow.end()
  const messages = await all(lazy[0]!)
  await ready
  assert.equal(messages.length, Math.ceil(parts))
  assert.deepEqual([...new Set(messages.map(one => one.length))], [1_000])
})

test('a stream that is reset is over on both sides; the link is not', async t => {
  const { dialler } = stage(t, { bob: { onStream: stream => stream.reset('model_unknown') } })
  const link = await dialler.link()
  await assert.rejects(all(link.open(utf8('a'))), /model_unknown/)
  await assert.rejects(all(link.open(utf8('b'))), /model_unknown/)
  assert.equal(link.streams, 0)
  assert.equal(link.error, undefined)
})

test('more streams than are allowed: those that are too many are refused', async t => {
  const { dialler } = stage(t, { bob: { onStream: () => undefined, limits: { streams: 3 } } })
  const link = await dialler.link()
  const open = Array.from({ length: 5 }, () => link.open(utf8('x')))
  await assert.rejects(all(open[3]!), /link_full/)
  await assert.rejects(all(open[4]!), /link_full/)
  open[0]!.reset('aborted')
  const again = link.open(utf8('x'))
  again.reset('aborted')
  assert.equal(link.error, undefined)
  assert.equal(link.streams, 2)
})

test('the other side opens streams too', async t => {
  const answered = Promise.withResolvers<Link>()
  const { dialler } = stage(t, { ann: echoes, bob: { onLink: answered.resolve } })
  await dialler.link()
  const back = await answered.promise
  assert.equal(back.peer, ann.signer.address)
  const stream = back.open(utf8('from Bob'))
  stream.send(utf8('hello'))
  stream.end()
  assert.deepEqual((await all(stream)).map(fromUtf8), ['hello'])
})

/** What a dropped connection must not change: every message once, in order. */
test('whatever drops whenever: every message arrives once, in order, on both sides', async () => {
  const drop = fc.record({
    afterMessages: fc.nat({ max: 12 }),
    side: fc.nat({ max: 1 }),
    swallowed: fc.nat({ max: 3 }),
  })
  const shape = fc.record({
    streams: fc.integer({ min: 1, max: 5 }),
    messages: fc.integer({ min: 0, max: 30 }),
    size: fc.constantFrom(0, 3, 1_000, 70_000),
    drops: fc.array(drop, { maxLength: 6 }),
  })
  await fc.assert(
    fc.asyncProperty(shape, async ({ streams, messages, size, drops }) => {
      const both = annAndBob({ bob: echoes })
      let isDone = false
      try {
        void (async () => {
          for (const [i, { afterMessages, side, swallowed }] of drops.entries()) {
            while (both.connections.length <= i && !isDone) await nextTurn()
            if (isDone) return
            const pair = both.connections[i]!
            const { pass } = pair[side]!
            let passed = 0
            pair[side]!.pass = message => {
              passed += 1
              if (passed < afterMessages + 3) return pass(message)
              if (passed === afterMessages + 3) void turns(swallowed).then(() => pair[0].close())
              return []
            }
          }
        })()
        const link = await firstLink(both.dialler)
        await Promise.all(
          Array.from({ length: streams }, async (_, i) => {
            const stream = link.open(Uint8Array.of(i))
            const sent = Array.from({ length: messages }, (_, j) => new Uint8Array(size + 2).fill(j).fill(i, 0, 1))
            const reading = all(stream)
            for (const message of sent) {
              stream.send(message, { mayWait: message.at(-1)! % 2 === 0 })
              await stream.ready()
            }
            stream.end()
            assert.deepEqual(await reading, sent)
          }),
        )
        assert.equal(link.error, undefined)
      } finally {
        isDone = true
        both.close()
      }
    }),
    { numRuns: 60 },
  )
})

const nextTurn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await nextTurn()
}

/** A handshake whose connection drops is no link yet: whoever dials tries again. */
async function firstLink(dialler: { link(): Promise<Link> }): Promise<Link> {
  for (;;) {
    try {
      return await dialler.link()
    } catch (error) {
      assert(isHeddleError(error), String(error))
    }
  }
}

test('frames that nobody may send end the link, and say why', async t => {
  const bad = [
    encodeFrame({ kind: 'end', stream: 8 }),
    encodeFrame({ kind: 'open', stream: 2, payload: utf8('another’s number') }),
    encodeFrame({ kind: 'ack', count: 99 }),
    encodeFrame({ kind: 'from', count: 0 }),
    encodeFrame({ kind: 'window', stream: 1, bytes: 0 }),
    Uint8Array.of(77),
  ]
  for (const frame of bad) {
    const both = stage(t, { ann: { seal: 'none' }, bob: { plain: true }, loopback: true })
    const link = await both.dialler.link()
    const [[end]] = both.connections as [(typeof both.connections)[number]]
    const stream = link.open(utf8('x'))
    await turns(3)
    end.send(frame)
    await assert.rejects(all(stream), error => isHeddleError(error, 'link_lost') && /link_broken/.test(error.message))
  }
})

test('a record that was altered, repeated, or left out drops the connection; the session goes on', async t => {
  const alterations: ((message: Uint8Array) => Uint8Array[])[] = [
    message => [message.with(message.length - 1, message.at(-1)! ^ 1)],
    message => [message, message],
    () => [],
  ]
  for (const alter of alterations) {
    const { dialler, connections } = stage(t)
    const link = await dialler.link()
    const stream = link.open(utf8('x'))
    stream.send(utf8('before'))
    assert.deepEqual((await stream.receive())?.map(fromUtf8), ['before'])
    const [[end]] = connections as [(typeof connections)[number]]
    const { pass } = end
    let isAltered = false
    end.pass = message => {
      if (isAltered) return pass(message)
      isAltered = true
      return alter(message)
    }
    stream.send(utf8('one'))
    await nextTurn()
    stream.send(utf8('two'))
    stream.end()
    assert.deepEqual((await all(stream)).map(fromUtf8), ['one', 'two'])
    assert.equal(connections.length, 2)
    assert.equal(link.error, undefined)
  }
})

test('a connection that is silent is given up within its time, and the session goes on over the next', async t => {
  const limits = { heartbeat: 50, silence: 150 }
  const { dialler, connections } = stage(t, { ann: { limits }, bob: { limits } })
  const link = await dialler.link()
  const [[one, two]] = connections as [(typeof connections)[number]]
  one.pass = two.pass = () => []
  const stream = link.open(utf8('x'))
  stream.send(utf8('into the dark'))
  stream.end()
  assert.deepEqual((await all(stream)).map(fromUtf8), ['into the dark'])
  assert(connections.length > 1)
})

test('a session outlives its connection as long as its patience, and then ends all that was open', async t => {
  const { dialler, connections, line, answerer } = stage(t, {
    ann: { limits: { patience: 200 } },
    bob: { limits: { patience: 200 } },
  })
  const link = await dialler.link()
  const stream = link.open(utf8('x'))
  line.isUp = false
  connections[0]![0].close()
  await assert.rejects(all(stream), error => isHeddleError(error, 'link_lost'))
  assert(isHeddleError(link.error, 'link_lost'))
  while (answerer.size > 0) await nextTurn()
  line.isUp = true
  const next = await dialler.link()
  assert.notEqual(next.session, link.session)
})

test('whoever never confirms is waited for, and then given up', async t => {
  const { dialler, connections } = stage(t, {
    ann: { limits: { unconfirmed: 10_000 } },
    bob: { limits: { heartbeat: 1e9 } },
  })
  const link = await dialler.link()
  const [[, other]] = connections as [(typeof connections)[number]]
  other.pass = () => []
  const stream = link.open(utf8('x'))
  for (let i = 0; i < 100; i++) stream.send(new Uint8Array(1_000))
  let isReady = false
  void stream.ready().then(
    () => {
      isReady = true
    },
    () => undefined,
  )
  for (let i = 0; i < 20; i++) await nextTurn()
  assert(!isReady)
  assert.throws(() => {
    for (let i = 0; i < 100_000; i++) link.open(new Uint8Array(100))
  }, /confirms nothing/)
})

test('no record is so long that a slow line with it passes for a dead one', async t => {
  const { dialler, connections } = stage(t)
  const link = await dialler.link()
  const [[near]] = connections as [(typeof connections)[number]]
  let longest = 0
  const { pass } = near
  near.pass = message => {
    longest = Math.max(longest, message.length)
    return pass(message)
  }
  const streams = Array.from({ length: 10 }, () => link.open(utf8('x')))
  for (const stream of streams) {
    stream.send(new Uint8Array(200_000))
    stream.end()
  }
  await Promise.all(streams.map(all))
  // 1,900 ms at 150 kbit/s.
  assert(longest < 35_000, `${longest} bytes`)
})

test('long messages that are not read hold up their own stream, as short ones do', async t => {
  const lazy = Promise.withResolvers<Stream>()
  const { dialler, answerer } = stage(t, { bob: { onStream: lazy.resolve } })
  const link = await dialler.link()
  const stream = link.open(utf8('x'))
  const sent = Array.from({ length: 40 }, (_, i) => new Uint8Array(100_000).fill(i))
  for (const message of sent) stream.send(message)
  stream.end()
  const reader = await lazy.promise
  await turns(50)
  const { held } = reader
  assert(held > 0 && held < 2 * WINDOW + 100_000, `${held} bytes`)
  assert.deepEqual(await all(reader), sent)
  assert(answerer.link(ann.signer.address)!.weight < WINDOW)
})

test('where too much waits to be read, the stream that holds most is ended, and not the one that spoke last', async t => {
  const onStream = (stream: Stream): void => void (fromUtf8(stream.about) === 'lazy' || echoes.onStream(stream))
  const { dialler } = stage(t, { bob: { onStream, limits: { held: 300_000, message: 30_000 } } })
  const link = await dialler.link()
  const [lazy, lazier] = [link.open(utf8('lazy')), link.open(utf8('lazy'))]
  lazy.send(new Uint8Array(20_000))
  for (let i = 0; i < 14; i++) lazier.send(new Uint8Array(18_000))
  await turns(20)
  const quick = link.open(utf8('quick'))
  for (let i = 0; i < 4; i++) quick.send(new Uint8Array(30_000).fill(i))
  quick.end()
  assert.equal((await all(quick)).length, 4)
  await assert.rejects(all(lazier), /link_full/)
  assert.equal(lazy.error, undefined)
})

test('what streams are opened with counts to what is held', async t => {
  const { dialler } = stage(t, { bob: { onStream: () => undefined, limits: { held: 300_000, message: 1_000 } } })
  const link = await dialler.link()
  const streams = Array.from({ length: 8 }, () => link.open(new Uint8Array(40_000)))
  await assert.rejects(all(streams[7]!), /link_full/)
  assert.equal(streams[6]!.error, undefined)
})

test('whoever takes nothing and goes on talking is not told over and over that it was heard', async t => {
  const { dialler, connections } = stage(t, { bob: { onStream: () => undefined } })
  const link = await dialler.link()
  const [[near, far]] = connections as [(typeof connections)[number]]
  await turns(5)
  let waiting = 0
  let records = 0
  far.pass = message => {
    waiting += message.length
    records += 1
    return []
  }
  far.buffered = () => waiting
  for (let i = 0; i < 100; i++) {
    for (let j = 0; j < 70; j++) link.open(utf8('x')).reset('aborted')
    await nextTurn()
  }
  await turns(5)
  assert(records <= 3, `${records} records`)
  assert(near.buffered() === 0)
})

test('writers that wait for each other write in turn', async t => {
  const { dialler } = stage(t, { ann: { limits: { unconfirmed: 300_000 } } })
  const link = await dialler.link()
  let ended = 0
  const long = Array.from({ length: 8 }, async () => {
    const stream = link.open(utf8('long'))
    const reading = all(stream)
    for (let i = 0; i < 60; i++) stream.send(new Uint8Array(20_000))
    stream.end()
    await reading
    ended += 1
  })
  const last = link.open(utf8('short'))
  last.send(utf8('hello'))
  last.end()
  assert.deepEqual((await all(last)).map(fromUtf8), ['hello'])
  assert.equal(ended, 0)
  await Promise.all(long)
})
