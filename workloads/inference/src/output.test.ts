import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHeddleError, utf8 } from '@heddle/protocol'
import fc from 'fast-check'
import { encodePiece, type Piece, readPieces, startPieces, textOf } from './output.ts'

// What a lone surrogate becomes in UTF-8 is not itself: workers write whole characters.
const text = fc.string({ unit: 'grapheme', maxLength: 12 })
const withMarks = fc.oneof(text, fc.string({ unit: fc.constantFrom('\x1e', '\n', '{', '"', 'a', '😀', '\\') }))
const logprob = fc.record({
  token: withMarks,
  bytes: fc.oneof(fc.constant(null), fc.array(fc.nat(255), { maxLength: 4 })),
  logprob: fc.double({ max: 0, noNaN: true, noDefaultInfinity: true }).map(value => value + 0),
})
const some = { requiredKeys: [] as [] }
const piece: fc.Arbitrary<Piece> = fc.oneof(
  withMarks.map(it => ({ text: it })),
  fc.record(
    {
      choice: fc.nat(7),
      text: withMarks,
      reasoning: withMarks,
      toolCall: fc.record(
        { index: fc.nat(9), id: text, name: text, arguments: withMarks },
        { requiredKeys: ['index'] },
      ),
      logprobs: fc.array(
        logprob.chain(one => fc.array(logprob, { maxLength: 2 }).map(top => ({ ...one, top }))),
        { maxLength: 2 },
      ),
      finish: fc.constantFrom('stop' as const, 'length' as const, 'tool_calls' as const),
      stopped: withMarks,
      reasoningTokens: fc.nat(),
      embedding: fc.record({ index: fc.nat(9), data: fc.base64String() }),
    },
    some,
  ) as fc.Arbitrary<Piece>,
)

/** Neighbouring plain texts flow together: that is what plain means. */
const joined = (pieces: readonly Piece[]): Piece[] => {
  const all: Piece[] = []
  let text = ''
  const flow = (): void => {
    if (text !== '') all.push({ text })
    text = ''
  }
  for (const one of pieces) {
    if (one.text !== undefined && Object.keys(one).length === 1 && !one.text.includes('\x1e')) text += one.text
    else {
      flow()
      all.push(one)
    }
  }
  flow()
  return all
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

test('pieces are read back as they were written, however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), fc.array(fc.nat(400), { maxLength: 12 }), (pieces, cuts) => {
      const bytes = utf8(pieces.map(encodePiece).join(''))
      const at = [0, ...cuts.map(cut => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length]
      const reader = startPieces()
      const read = at.slice(1).flatMap((end, i) => reader.push(bytes.subarray(at[i], end)))
      read.push(...reader.end())
      assert.deepEqual(plain(joined(read)), plain(joined(pieces)))
    }),
    { numRuns: 500 },
  )
})

test('cut into single bytes, nothing is lost and nothing comes twice', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 5 }), pieces => {
      const reader = startPieces()
      const read = [...utf8(pieces.map(encodePiece).join(''))].flatMap(byte => reader.push(Uint8Array.of(byte)))
      assert.deepEqual(plain(joined([...read, ...reader.end()])), plain(joined(pieces)))
    }),
    { numRuns: 200 },
  )
})

test('a plain answer costs nothing but its bytes', () => {
  assert.equal(encodePiece({ text: 'hi' }), 'hi')
  assert.equal(encodePiece({ choice: 1, text: 'hi' }), '\x1e{"choice":1,"text":"hi"}\n')
})

test('the text of a stored output is that of its first choice', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), pieces => {
      const expected = pieces.map(one => (one.choice ? '' : (one.text ?? ''))).join('')
      assert.equal(textOf(utf8(pieces.map(encodePiece).join(''))), expected)
    }),
  )
})

test('text that pretends to be a record stays text', () => {
  const forged = '\x1e{"finish":"stop"}\n'
  assert.deepEqual(readPieces(utf8(encodePiece({ text: forged }))), [{ text: forged }])
})

test('what no worker writes is refused', () => {
  const cases: [string, string][] = [
    ['no JSON', '\x1e{\n'],
    ['not a piece', '\x1e[]\n'],
    ['nothing', '\x1enull\n'],
    ['a field that is none', '\x1e{"other":1}\n'],
    ['a prototype', '\x1e{"__proto__":{"text":"x"}}\n'],
    ['text that is none', '\x1e{"text":1}\n'],
    ['a negative choice', '\x1e{"choice":-1}\n'],
    ['half a choice', '\x1e{"choice":0.5}\n'],
    ['a finish that is none', '\x1e{"finish":"error"}\n'],
    ['a tool call without a number', '\x1e{"toolCall":{"id":"a"}}\n'],
    ['a tool call with a number as its name', '\x1e{"toolCall":{"index":0,"name":1}}\n'],
    ['logprobs without tops', '\x1e{"logprobs":[{"token":"a","bytes":null,"logprob":-1}]}\n'],
    ['an embedding without data', '\x1e{"embedding":{"index":0}}\n'],
    ['a record without an end', '\x1e{"text":"a"}'],
  ]
  for (const [what, output] of cases) {
    assert.throws(
      () => readPieces(utf8(output)),
      error => isHeddleError(error, 'receipt_mismatch'),
      what,
    )
  }
})

test('a record that never ends is refused before it fills the memory', () => {
  const reader = startPieces()
  reader.push(utf8('\x1e{"text":"'))
  const megabyte = utf8('x'.repeat(1 << 20))
  assert.throws(
    () => [1, 2].map(() => reader.push(megabyte)),
    error => isHeddleError(error, 'receipt_mismatch'),
  )
})

test('a long record that comes byte by byte is read in one go', () => {
  const reader = startPieces()
  const bytes = utf8(encodePiece({ choice: 1, text: 'x'.repeat(200_000) }))
  const pieces = Array.from(bytes, byte => reader.push(Uint8Array.of(byte))).flat()
  assert.equal(pieces.length, 1)
  assert.equal(pieces[0]!.text!.length, 200_000)
})
