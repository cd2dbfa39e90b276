/** Writes the committed vectors again: `npm run build:vectors`. A change of theirs is a change of the wire. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { definitions, fileOf } from './definitions.ts'

for (const name of Object.keys(definitions)) {
  writeFileSync(join(import.meta.dirname, `${name}.json`), fileOf(name))
  console.log(`inference ${name}.json`)
}
