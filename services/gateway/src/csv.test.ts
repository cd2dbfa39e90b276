import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { toCsv } from './csv.ts'

/** Reads RFC 4180 back. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]]
  let cell = ''
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!
    if (quoted) {
      if (char !== '"') cell += char
      else if (text[i + 1] === '"') cell += text[i++]
      else quoted = false
    } else if (char === '"') quoted = true
    else if (char === ',' || text.startsWith('\r\n', i)) {
      rows.at(-1)!.push(cell)
      cell = ''
      if (char === '\r') {
        rows.push([])
        i += 1
      }
    } else cell += char
  }
  rows.pop()
  return rows
}

const cell = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', '=', '+', '-', '@', '\t', 'a') }),
)

test('whatever is written is read back, and no cell begins like a formula', () => {
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { maxLength: 5 }), rows => {
      const read = parse(toCsv(['a', 'b'], rows))
      assert.deepEqual(read[0], ['a', 'b'])
      for (const [i, row] of rows.entries()) {
        for (const [j, wanted] of row.entries()) {
          const found = read[i + 1]![j]!
          assert.ok(!/^[=+\-@\t\r]/.test(found), JSON.stringify(found))
          assert.equal(found.startsWith("'") && !wanted.startsWith("'") ? found.slice(1) : found, wanted)
        }
      }
    }),
  )
})

test('formulas are shown as text', () => {
  assert.equal(
    toCsv(['x'], [['=HYPERLINK("http://evil")'], ['-1+cmd'], ['plain']]),
    'x\r\n"\'=HYPERLINK(""http://evil"")"\r\n\'-1+cmd\r\nplain\r\n',
  )
})
