import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { catalogue, type ErrorCode, errorFromJson, HeddleError, isHeddleError, toHeddleError } from '../index.ts'

const codes = Object.keys(catalogue) as ErrorCode[]

/** Whether a retry can help is part of the type: checked by the compiler, never run. */
export function types(): void {
  new HeddleError('busy').retryable satisfies true
  new HeddleError('bad_json').retryable satisfies false
  // @ts-expect-error a code that is not retryable never has the type of one that is
  new HeddleError('bad_json').retryable satisfies true
  // @ts-expect-error a code that is not in the catalogue
  new HeddleError('no_such_code')
}

for (const code of codes) {
  test(`${code} has a status, a fix that is a sentence, and docs`, () => {
    const error = new HeddleError(code)
    assert.ok(Number.isInteger(error.status) && error.status >= 400 && error.status <= 599)
    assert.match(error.fix, /^[A-Z].{10,160}[.a-zN]$/)
    assert.match(code, /^[a-z]+(_[a-z]+)*$/)
    assert.equal(error.docs, `/errors#${code}`)
    assert.equal(error.message, code.replaceAll('_', ' '))
    assert.deepEqual(error.retryable, catalogue[code].retryable)
  })
}

test('an error comes back from its wire form as it was', () => {
  fc.assert(
    fc.property(fc.constantFrom(...codes), fc.option(fc.string(), { nil: undefined }), (code, detail) => {
      const error = new HeddleError(code, detail)
      const back = errorFromJson(JSON.parse(JSON.stringify(error)))
      assert.deepEqual(back.toJSON(), error.toJSON())
      assert.equal(back.status, error.status)
    }),
  )
})

test('the wire form is bounded and holds neither stack nor cause', () => {
  const error = new HeddleError('internal', 'x'.repeat(1_000_000), { cause: new Error('secret') })
  const json = JSON.stringify(error)
  assert.ok(json.length < 1_000)
  assert.doesNotMatch(json, /secret|\.ts/)
  assert.deepEqual(Object.keys(error.toJSON()), ['code', 'message', 'retryable', 'fix', 'docs'])
})

test('a code that nobody knows, or anything else, becomes the fallback; no member of Object is a code', () => {
  assert.equal(
    errorFromJson({ code: 'from_the_future', message: 'm' }, 'provider_unreachable').code,
    'provider_unreachable',
  )
  for (const code of ['constructor', '__proto__', 'toString', 'hasOwnProperty', '', 7, null]) {
    assert.equal(errorFromJson({ code }).code, 'internal')
  }
  fc.assert(fc.property(fc.anything(), value => void assert.ok(isHeddleError(errorFromJson(value)))))
})

test('anything that is thrown can be told as a Heddle error, which keeps it as its cause', () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), thrown => {
      const error = toHeddleError(thrown)
      assert.equal(error.code, 'internal')
      assert.equal(error.cause, thrown)
    }),
  )
  const own = new HeddleError('busy')
  assert.equal(toHeddleError(own), own)
  assert.equal(toHeddleError(new Error('broken')).message, 'broken')
})

test('an error is known by its brand, also one of another copy of this package, and by its code', () => {
  const foreign = { [Symbol.for('heddle.error')]: true, code: 'busy' }
  assert.ok(isHeddleError(foreign) && isHeddleError(foreign, 'busy') && !isHeddleError(foreign, 'internal'))
  for (const value of [undefined, null, 'busy', { code: 'busy' }, new Error('busy')]) assert.ok(!isHeddleError(value))
})

test('what an error is about crosses the wire, and nothing else of its cause', () => {
  const cause = { param: 'tools.0.name', feature: 'tools', retryAfter: 3, secret: 'x', stack: 'y' }
  const json = new HeddleError('bad_request', 'no', { cause }).toJSON()
  assert.deepEqual([json.param, json.feature, json.retryAfter], ['tools.0.name', 'tools', 3])
  assert.ok(!JSON.stringify(json).includes('secret'))
  assert.deepEqual(errorFromJson(JSON.parse(JSON.stringify(json))).cause, {
    param: 'tools.0.name',
    feature: 'tools',
    retryAfter: 3,
  })
  assert.equal(errorFromJson({ code: 'busy', message: 'x', param: 7, retryAfter: 'soon' }).cause, undefined)
})
