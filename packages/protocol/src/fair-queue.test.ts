import assert from 'node:assert/strict'
import { mock, type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { FairQueue, isHeddleError } from './index.ts'

const NEVER = new AbortController().signal
const LONG = 600_000

/** A queue before so many places; who was served, in order, and who was refused with what. */
function setup(options: { places: number; most?: number }) {
  const queue = new FairQueue(options.most ?? 512)
  let free = options.places
  const served: string[] = []
  const refused: string[] = []
  const take = (): true | undefined => {
    if (free === 0) return undefined
    free -= 1
    return true
  }
  const enter = (asker: string, name = asker, signal = NEVER, patience = LONG) =>
    queue.enter({ asker, signal, patience }, take).then(
      () => void served.push(name),
      error => void refused.push(`${name} ${error.code}`),
    )
  const free_ = (): number => free
  const release = (): void => {
    free += 1
    queue.advance()
  }
  return { queue, served, refused, enter, release, free: free_ }
}
const turn = (): Promise<void> => new Promise(setImmediate)

test('who asks once is not behind all that another has asked before', async () => {
  const { served, enter, release } = setup({ places: 1 })
  for (const name of ['a0', 'a1', 'a2', 'a3', 'a4']) void enter('a', name)
  void enter('b', 'b0')
  void enter('c', 'c0')
  void enter('b', 'b1')
  for (let i = 0; i < 8; i++) {
    await turn()
    release()
  }
  assert.deepEqual(served, ['a0', 'a1', 'b0', 'c0', 'a2', 'b1', 'a3', 'a4'])
})

test('what can be served goes before what cannot, also of one asker', async () => {
  const queue = new FairQueue(10)
  const free = { small: 0, large: 0 }
  const enter = (kind: keyof typeof free) =>
    queue.enter({ asker: 'a', signal: NEVER, patience: LONG }, () => (free[kind] > 0 ? free[kind]-- : undefined))
  const large = enter('large')
  const small = enter('small')
  free.small = 1
  queue.advance()
  await small
  assert.equal(queue.waiting(), 1)
  free.large = 1
  queue.advance()
  await large
  assert.equal(queue.waiting(), 0)
})

test('a full queue refuses whoever has most in it, and says when to come back', async () => {
  const { queue, refused, enter, release, served } = setup({ places: 0, most: 4 })
  for (let i = 0; i < 4; i++) void enter('a', `a${i}`)
  void enter('a', 'a4')
  void enter('b', 'b0')
  void enter('b', 'b1')
  void enter('b', 'b2')
  await turn()
  assert.deepEqual(refused, ['a4 busy', 'a3 busy', 'a2 busy', 'b2 busy'])
  assert.equal(queue.waiting(), 4)
  for (let i = 0; i < 4; i++) release()
  await turn()
  assert.deepEqual(served, ['a0', 'b0', 'a1', 'b1'])
  await assert.rejects(
    queue.enter({ asker: 'c', signal: NEVER, patience: 0 }, () => undefined),
    error => isHeddleError(error, 'busy') && (error.toJSON().retryAfter ?? 0) >= 1,
  )
})

test('what waits is bounded by its bytes too: whoever holds most of them makes room, and who holds least goes before it', async () => {
  const queue = new FairQueue(512, 1_000)
  const over = new AbortController()
  const refused: string[] = []
  const enter = (asker: string, name: string, bytes: number) =>
    queue
      .enter({ asker, signal: over.signal, patience: LONG, bytes: () => bytes }, () => undefined)
      .catch(error => void refused.push(`${name} ${error.code}`))
  for (const name of ['a0', 'a1', 'a2']) void enter('a', name, 300)
  void enter('b', 'b0', 100)
  void enter('b', 'b1', 150)
  void enter('a', 'a3', 300)
  void enter('c', 'c0', 500)
  await turn()
  assert.deepEqual(refused, ['a2 busy', 'a3 busy', 'c0 busy'], 'nobody goes for what has no room even then')
  void enter('c', 'c1', 400)
  await turn()
  assert.deepEqual(refused.slice(3), ['a1 busy'])
  assert.equal(queue.waiting(), 4)
  await enter('d', 'd0', 1_001)
  assert.equal(refused.at(-1), 'd0 busy')
  over.abort()
  assert.equal(queue.waiting(), 0)
})

/** A queue under a clock that is moved by hand: places that are taken for so long, one after another. */
function timed(t: TestContext, places: number) {
  let now = 0
  mock.method(performance, 'now', () => now)
  t.after(() => mock.restoreAll())
  const { queue, enter, release, refused } = setup({ places })
  const pass = (milliseconds: number): void => {
    now += milliseconds
  }
  return { queue, enter, release, refused, pass }
}

test('the estimate is what one waits for the next place, times who waits; an idle night is no part of it', async t => {
  const { queue, enter, release, pass } = timed(t, 1)
  const round = async (): Promise<void> => {
    void enter('a')
    for (let i = 0; i < 4; i++) void enter('a')
    for (let i = 0; i < 4; i++) {
      pass(2_000)
      release()
    }
    release()
    await turn()
  }
  for (let i = 0; i < 10; i++) await round()
  pass(8 * 3_600_000)
  await round()
  assert.equal(queue.estimate(), 2)
  const over = new AbortController()
  void enter('a')
  for (let i = 0; i < 4; i++) void enter('a', 'a', over.signal)
  assert.equal(queue.estimate(), 10)
  pass(600_000)
  assert.ok(queue.estimate() > 10, 'a place that does not come is no short wait')
  over.abort()
})

test('who does not wait learns too how long nothing was free', async t => {
  const { queue, enter, release, pass, refused } = timed(t, 1)
  await enter('a')
  for (let i = 0; i < 5; i++) {
    await enter('b', 'b', NEVER, 0)
    pass(4_000)
    await enter('b', 'b', NEVER, 0)
    pass(3_600_000)
    release()
    await enter('a')
  }
  assert.equal(refused.length, 10)
  assert.equal(queue.estimate(), 4)
})

test('who leaves, or has waited long enough, is out at once', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { queue, refused, enter } = setup({ places: 0 })
  const gone = new AbortController()
  const left = enter('a', 'left', gone.signal)
  const late = enter('a', 'late', NEVER, 5_000)
  gone.abort()
  await left
  t.mock.timers.tick(5_000)
  await late
  await enter('a', 'gone before', gone.signal)
  assert.deepEqual(refused, ['left aborted', 'late busy', 'gone before aborted'])
  assert.equal(queue.waiting(), 0)
})

test('the position that is told is the order in which they are served', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 20 }), async askers => {
      const queue = new FairQueue(100)
      let free = 0
      const told = new Map<number, () => number>()
      const order: number[] = []
      for (const [i, asker] of askers.entries())
        void queue
          .enter({ asker, signal: NEVER, patience: LONG, waits: ({ position }) => void told.set(i, position) }, () =>
            free > 0 ? free-- : undefined,
          )
          .then(() => order.push(i))
      const expected = [...told].sort(([, a], [, b]) => a() - b()).map(([i]) => i)
      assert.deepEqual(
        [...told.values()].map(position => position()).sort((a, b) => a - b),
        askers.map((_, i) => i + 1),
      )
      for (const _ of askers) {
        free = 1
        queue.advance()
        await turn()
      }
      assert.deepEqual(order, expected)
    }),
    { numRuns: 50 },
  )
})

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('enter' as const), asker: fc.constantFrom('a', 'b', 'c') }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('release' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const), which: fc.nat(30) }) },
)

test('in any story: bounded, nobody waits while there is a place, and of two that wait one is never served twice before the other', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 8 }),
      fc.array(step, { maxLength: 80 }),
      async (places, most, steps) => {
        const queue = new FairQueue(most)
        let free = places
        let running = 0
        type One = { asker: string; gone: AbortController; waited: boolean; over?: 'served' | 'refused' }
        const all: One[] = []
        const servings: One[] = []
        for (const one of steps) {
          if (one.do === 'enter') {
            const entry: One = { asker: one.asker, gone: new AbortController(), waited: false }
            all.push(entry)
            const entering = { asker: one.asker, signal: entry.gone.signal, patience: LONG }
            queue
              .enter({ ...entering, waits: () => void Object.assign(entry, { waited: true }) }, () => {
                if (free === 0) return undefined
                free -= 1
                running += 1
                servings.push(entry)
                return true
              })
              .then(
                () => void Object.assign(entry, { over: 'served' }),
                () => void Object.assign(entry, { over: 'refused' }),
              )
          } else if (one.do === 'release' && running > 0) {
            // All that wait now were there before this serving.
            const waiting = all.filter(entry => entry.waited && entry.over === undefined)
            const before = servings.length
            running -= 1
            free += 1
            queue.advance()
            assert.equal(servings.length - before, Math.min(1, waiting.length), 'a wake-up was lost')
          } else if (one.do === 'leave') {
            const entry = all[one.which % Math.max(1, all.length)]
            if (entry?.waited && entry.over === undefined) entry.gone.abort()
          }
          await turn()
          assert.ok(queue.waiting() <= most)
          assert.equal(queue.waiting(), all.filter(entry => entry.over === undefined).length)
          assert.ok(queue.waiting() === 0 || free === 0, 'somebody waits while there is a place')
          assert.equal(free + running, places)
        }
        // Drained to the end, askers that all still wait are served in turns.
        while (queue.waiting() > 0) {
          const lines = new Set(all.filter(entry => entry.over === undefined).map(entry => entry.asker))
          const from = servings.length
          for (let i = 0; i < lines.size; i++) {
            running -= 1
            free += 1
            queue.advance()
            await turn()
          }
          assert.equal(new Set(servings.slice(from).map(entry => entry.asker)).size, lines.size)
        }
      },
    ),
    { numRuns: 200 },
  )
})
