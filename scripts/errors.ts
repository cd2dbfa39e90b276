/** Writes docs/errors.md from the catalogue. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogue } from '@heddle/protocol'

const rows = Object.entries(catalogue).map(
  ([code, { status, retryable, fix }]) =>
    `| <a id="${code}"></a>\`${code}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${fix} |`,
)
const text = `# Errors

Every error has a code that never changes its meaning, says whether the same request can succeed later, and what to do.
This page is written from \`packages/protocol/src/errors/catalogue.ts\` by \`node scripts/errors.ts\`.

| code | HTTP | a retry may help | what to do |
|---|---|---|---|
${rows.join('\n')}
`
writeFileSync(join(import.meta.dirname, '../docs/errors.md'), text)
