import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { definitions, fileOf } from '../vectors/definitions.ts'

const directory = join(import.meta.dirname, '../vectors')
const read = (name: string): string => readFileSync(join(directory, `${name}.json`), 'utf8')
type Vectors = { source: string; cases: { input: unknown; output: Record<string, unknown> }[] }
const parse = (name: string): Vectors => JSON.parse(read(name)) as Vectors
const names = Object.keys(definitions)

test('every committed file of vectors is known here', () => {
  const files = readdirSync(directory).filter(file => file.endsWith('.json'))
  assert.deepEqual(files.sort(), names.map(name => `${name}.json`).sort())
})

for (const name of names) {
  test(`vectors of ${name}: the committed inputs give the committed outputs, and the file is what generate.ts writes`, () => {
    const { cases } = parse(name)
    assert.ok(cases.length > 0)
    for (const { input, output } of cases)
      assert.deepEqual(JSON.parse(JSON.stringify(definitions[name]!.compute(input))), output)
    assert.equal(read(name), fileOf(name))
  })
}

test('each side of the committed handshakes is signed by whoever it names, and by nobody for both sides', () => {
  for (const { output } of parse('handshake').cases) {
    const { hello, welcome, dial, answer } = output as {
      hello: string
      welcome: string
      dial: { by: string; transcript: string }
      answer: { by: string; transcript: string }
    }
    assert.equal(dial.by, JSON.parse(hello).peer)
    assert.equal(answer.by, JSON.parse(welcome).peer)
    assert.notEqual(dial.transcript, answer.transcript)
  }
})
