import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { startText } from './text.ts'

/** A tokenizer whose tokens are any bytes: the hardest case of every byte-level vocabulary. */
function bytesTokenizer(pieces: readonly Uint8Array[]) {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return {
    tokens: pieces.map((_, index) => index),
    decode: (tokens: readonly number[]) => decoder.decode(Buffer.concat(tokens.map(token => pieces[token]!))),
  }
}

function run(pieces: readonly Uint8Array[], stop: readonly string[] = []) {
  const { tokens, decode } = bytesTokenizer(pieces)
  const stream = startText({ decode, before: [] })
  const out = []
  for (const token of tokens) {
    const piece = stream.push(token, stop)
    out.push(piece)
    if (piece.met !== undefined) return out
  }
  out.push(stream.end(stop))
  return out
}

const textOf = (pieces: readonly { text: string }[]) => pieces.map(({ text }) => text).join('')

/** Any text, cut into tokens anywhere between its bytes; some tokens have none. */
const cut = fc
  .tuple(fc.string({ unit: 'binary', maxLength: 60 }), fc.array(fc.nat(200), { maxLength: 40 }))
  .map(([text, cuts]) => {
    const bytes = new TextEncoder().encode(text)
    const places = [0, ...cuts.map(place => Math.min(place, bytes.length)), bytes.length].sort((a, b) => a - b)
    return {
      text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
      pieces: places.slice(1).map((end, i) => bytes.slice(places[i], end)),
    }
  })

test('characters cut between tokens come out whole, and all of them', () => {
  fc.assert(
    fc.property(cut, ({ text, pieces }) => {
      const out = run(pieces)
      assert.equal(textOf(out), text)
      for (const piece of out) assert.ok(piece.text.isWellFormed())
      assert.equal(out.at(-1)!.completion, pieces.length)
    }),
    { numRuns: 500 },
  )
})

test('counts never go down, and a token counts only once its text has left', () => {
  fc.assert(
    fc.property(cut, ({ pieces }) => {
      let before = 0
      run(pieces).forEach((piece, index) => {
        assert.ok(piece.completion >= before && piece.completion <= index + 1)
        before = piece.completion
      })
    }),
  )
})

test('a stop string ends the text before it, wherever the tokens cut it', () => {
  const stops = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'é'), minLength: 1, maxLength: 3 }), {
    maxLength: 3,
  })
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '🙂'), maxLength: 30 })
  fc.assert(
    fc.property(letters, stops, (text, stop) => {
      const pieces = [...new TextEncoder().encode(text)].map(byte => Uint8Array.of(byte))
      const out = run(pieces, stop)
      const first = Math.min(...stop.map(it => text.indexOf(it)).filter(at => at >= 0), text.length)
      // The earliest stop to be completed wins: it may end before one that begins further left.
      assert.ok(text.startsWith(textOf(out)))
      assert.equal(out.at(-1)!.met !== undefined, first < text.length)
      for (const it of stop) assert.ok(!textOf(out).includes(it))
      if (first === text.length) assert.equal(textOf(out), text)
    }),
    { numRuns: 500 },
  )
})

test('tokens that a stop string cuts away whole are not counted', () => {
  const pieces = ['one', ' two', ' END', ' three'].map(text => new TextEncoder().encode(text))
  const out = run(pieces, [' END'])
  assert.equal(textOf(out), 'one two')
  assert.deepEqual(out.at(-1), { text: '', completion: 2, met: ' END' })
})

test('bytes that are no text at all do not wait for ever', () => {
  const out = run(Array.from({ length: 200 }, () => Uint8Array.of(0x80)))
  assert.equal(textOf(out), '\ufffd'.repeat(200))
  assert.ok(out.slice(0, 70).some(piece => piece.text !== ''))
})

test('the text goes on after a mark, whose tokens count then, and marks can change there', () => {
  const { tokens, decode } = bytesTokenizer(['a', '<', 'b>c', '<b>'].map(text => new TextEncoder().encode(text)))
  const stream = startText({ decode, before: [] })
  const [a, open, close, again] = tokens as [number, number, number, number]
  assert.deepEqual(stream.push(a, ['<b>']), { text: 'a', completion: 1 })
  assert.deepEqual(stream.push(open, ['<b>']), { text: '', completion: 1 })
  assert.deepEqual(stream.push(close, ['<b>']), { text: '', completion: 1, met: '<b>' })
  assert.equal(stream.after(), 'c')
  assert.deepEqual(stream.skip([]), { text: 'c', completion: 3 })
  assert.deepEqual(stream.push(again, []), { text: '<b>', completion: 4 })
})
