import assert from 'node:assert/strict'
import { test } from 'node:test'
import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { canonical, isHeddleError, toHex, utf8 } from './index.ts'

test('RFC 8785 section 3.2.2: the sample of primitive values', () => {
  const input = String.raw`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  }`
  assert.equal(
    canonical(JSON.parse(input)),
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  )
})

test('RFC 8785 section 3.2.3: names are sorted by their UTF-16 code units', () => {
  const input = String.raw`{
    "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
    "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
  }`
  assert.deepEqual(Object.values(JSON.parse(input)).length, 7)
  const order = [...canonical(JSON.parse(input)).matchAll(/:"([^"]*)"/g)].map(match => match[1])
  assert.deepEqual(order, [
    'Carriage Return',
    'One',
    'Control',
    'Latin Small Letter O With Diaeresis',
    'Euro Sign',
    'Emoji: Grinning Face',
    'Hebrew Letter Dalet With Dagesh',
  ])
})

test('RFC 8785 section 3.2.4: the sample as UTF-8 bytes', () => {
  const sample = {
    // biome-ignore lint/correctness/noPrecisionLoss: the RFC's own sample
    numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  }
  const bytes = `
    7b 22 6c 69 74 65 72 61 6c 73 22 3a 5b 6e 75 6c 6c 2c 74 72
    75 65 2c 66 61 6c 73 65 5d 2c 22 6e 75 6d 62 65 72 73 22 3a
    5b 33 33 33 33 33 33 33 33 33 2e 33 33 33 33 33 33 33 2c 31
    65 2b 33 30 2c 34 2e 35 2c 30 2e 30 30 32 2c 31 65 2d 32 37
    5d 2c 22 73 74 72 69 6e 67 22 3a 22 e2 82 ac 24 5c 75 30 30
    30 66 5c 6e 41 27 42 5c 22 5c 5c 5c 5c 5c 22 2f 22 7d`
  assert.equal(toHex(utf8(canonical(sample))), `0x${bytes.replace(/\s/g, '')}`)
})

const double = (bits: string): number => Buffer.from(bits, 'hex').readDoubleBE()

test('RFC 8785 appendix B: numbers', () => {
  for (const [bits, text] of [
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ] as const) {
    assert.equal(canonical(double(bits)), text)
  }
})

test('what JSON cannot hold is refused', () => {
  for (const value of [undefined, 1n, Number.NaN, Number.POSITIVE_INFINITY, '\ud800', { '\udc00': 1 }, () => 0]) {
    assert.throws(
      () => canonical(value),
      error => isHeddleError(error, 'bad_request'),
    )
  }
  const circular: unknown[] = []
  circular.push(circular)
  assert.throws(
    () => canonical(circular),
    error => isHeddleError(error, 'bad_request'),
  )
})

test('one value has one form: the order of members never matters, and the form reads back as the value', () => {
  const shuffle = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffle)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([name, inner]) => [name, shuffle(inner)]),
    )
  }
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      const plain = JSON.parse(JSON.stringify(value)) as unknown
      const text = canonical(plain)
      assert.equal(canonical(shuffle(plain)), text)
      assert.deepEqual(JSON.parse(text), plain)
      assert.equal(canonical(JSON.parse(text)), text)
    }),
  )
})

test('the same as the reference implementation', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), value => {
      const plain = JSON.parse(JSON.stringify(value)) as unknown
      assert.equal(canonical(plain), canonicalize(plain))
    }),
    { numRuns: 500 },
  )
})

test('members that are undefined are left out, and nothing but plain data is taken for JSON', () => {
  assert.equal(canonical({ b: undefined, a: 1 }), '{"a":1}')
  assert.throws(() => canonical([undefined]), { code: 'bad_request' })
})
