import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ErrorCode, HeddleError, isHeddleError } from '@heddle/protocol'
import type { Choice } from './book.ts'
import { startSearch } from './search.ts'

const one = (name: string) => ({ name }) as unknown as Choice
const [a, b] = [one('a'), one('b')]
const error = (code: ErrorCode, retryAfter?: number) =>
  new HeddleError(code, undefined, retryAfter === undefined ? undefined : { cause: { retryAfter } })
/** What is thrown when this was the last one to ask. */
const toldOf = (code: ErrorCode, retryAfter?: number): HeddleError => {
  const search = startSearch([a], 60_000)
  try {
    // What a second try mends gets one.
    for (let tries = 0; tries < 2; tries++) search.failed(a, error(code, retryAfter))
  } catch (thrown) {
    assert.ok(isHeddleError(thrown))
    return thrown
  }
  return assert.fail('nobody was left, and nothing was thrown')
}

test('who fails is asked no more; who is busy is asked after all others, and then waited for', () => {
  const search = startSearch([a, b], 60_000)
  assert.deepEqual([search.ways(), search.waitFor(a)], [[a, b], 0])
  assert.equal(search.failed(a, error('busy', 7)), 0)
  assert.deepEqual(search.ways(), [b, a])
  assert.ok(search.waitFor(b) > 50_000, 'all others are busy: here it may wait')
  assert.equal(search.failed(b, error('busy', 3)), 3_000)
  assert.deepEqual(search.ways(), [a, b])
  assert.equal(search.failed(a, error('engine_down')), 0)
  assert.deepEqual(search.ways(), [b])
  assert.throws(
    () => search.failed(b, error('busy', 61)),
    thrown => isHeddleError(thrown, 'busy') && thrown.toJSON().retryAfter === 61,
  )
})

test('what is wrong with the question is nobody else’s to answer', () => {
  for (const code of ['bad_request', 'unsupported_field', 'model_refused', 'key_expired'] as const)
    assert.throws(
      () => startSearch([a, b], 1_000).failed(a, error(code)),
      thrown => isHeddleError(thrown, code),
    )
})

test('where a retry helps, it is said after how long; how the money stands between the house and a provider is no 402', () => {
  assert.equal(toldOf('provider_unreachable').toJSON().retryAfter, 3)
  assert.equal(toldOf('engine_down', 20).toJSON().retryAfter, 20)
  assert.equal(toldOf('cap_reached').toJSON().retryAfter, undefined)
  for (const code of [
    'channel_underfunded',
    'voucher_exceeds_deposit',
    'channel_unknown',
    'withdrawal_begun',
  ] as const) {
    const told = toldOf(code)
    assert.deepEqual([told.code, told.status, told.toJSON().retryAfter], ['no_provider', 503, 3])
  }
  // These only a person can mend.
  for (const code of ['cap_reached', 'deposit_refused', 'exposure_exceeded'] as const)
    assert.equal(toldOf(code).status, 402)
})

test('what another channel or a deposit mends is tried again at once, once', () => {
  for (const code of ['channel_overclaimed', 'channel_underfunded'] as const) {
    const search = startSearch([a], 1_000)
    assert.equal(search.failed(a, error(code)), 0)
    assert.deepEqual(search.ways(), [a])
    assert.throws(() => search.failed(a, error(code)), HeddleError)
  }
})
