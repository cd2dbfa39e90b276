import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

/** One file of vectors: the document that they follow, inputs, and what any implementation must make of each. */
export type Definition<I> = { source: string; inputs: readonly I[]; compute(input: I): unknown }
/** The files of a package, by name. */
export type Definitions = Readonly<Record<string, Definition<unknown>>>

export const define = <I>(definition: Definition<I>): Definition<unknown> => definition as Definition<unknown>

/** The whole text of a file. */
function textOf({ source, inputs, compute }: Definition<unknown>): string {
  const cases = inputs.map(input => ({ input, output: compute(input) }))
  return `${JSON.stringify({ source, cases }, null, 2)}\n`
}

const fileOf = (directory: string, name: string): string => join(directory, `${name}.json`)

/** What is committed under a name. */
export function committed<Output>(
  directory: string,
  name: string,
): { source: string; cases: { input: unknown; output: Output }[] } {
  return JSON.parse(readFileSync(fileOf(directory, name), 'utf8'))
}

/** Writes the files again (`npm run build:vectors`): a change of theirs is a change of what is agreed. */
export function writeVectors(directory: string, definitions: Definitions): void {
  for (const [name, definition] of Object.entries(definitions)) {
    writeFileSync(fileOf(directory, name), textOf(definition))
    console.log(fileOf(directory, name))
  }
}

/** Holds the committed files to what is defined: none is unknown, and each gives what it says, to the byte. */
export function testVectors(directory: string, definitions: Definitions): void {
  const names = Object.keys(definitions)
  test('every committed file of vectors is known here, and names its source', () => {
    const files = readdirSync(directory).filter(file => file.endsWith('.json'))
    assert.deepEqual(files.sort(), names.map(name => `${name}.json`).sort())
    for (const name of names) assert.ok(committed(directory, name).source.length > 10)
  })
  for (const [name, definition] of Object.entries(definitions)) {
    test(`vectors of ${name}: the committed inputs give the committed outputs`, () => {
      const { cases } = committed(directory, name)
      assert.ok(cases.length > 0)
      for (const { input, output } of cases)
        assert.deepEqual(JSON.parse(JSON.stringify(definition.compute(input))), output)
    })
    test(`vectors of ${name}: the committed file is what generate.ts writes`, () => {
      assert.equal(readFileSync(fileOf(directory, name), 'utf8'), textOf(definition))
    })
  }
}
