import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { definitions, fileOf } from '../../vectors/definitions.ts'

type Vectors = { source: string; cases: { input: unknown; output: unknown }[] }
const directory = join(import.meta.dirname, '../../vectors')
const read = (name: string): string => readFileSync(join(directory, `${name}.json`), 'utf8')
const parse = (name: string): Vectors => JSON.parse(read(name)) as Vectors
const names = Object.keys(definitions)

test('every committed file of vectors is known here, and names its source', () => {
  const files = readdirSync(directory).filter(file => file.endsWith('.json'))
  assert.deepEqual(files.sort(), names.map(name => `${name}.json`).sort())
  for (const name of names) assert.ok(parse(name).source.length > 10)
})

for (const name of names) {
  test(`vectors of ${name}: the committed inputs give the committed outputs`, () => {
    const { cases } = parse(name)
    assert.ok(cases.length > 0)
    for (const { input, output } of cases) {
      assert.deepEqual(JSON.parse(JSON.stringify(definitions[name]!.compute(input))), output)
    }
  })

  test(`vectors of ${name}: the committed file is what generate.ts writes`, () => {
    assert.equal(read(name), fileOf(name))
  })
}
