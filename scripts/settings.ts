/** Writes docs/settings.md from the table of options. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Option } from '../apps/cli/src/up/option.ts'
import { options } from '../apps/cli/src/up/options.ts'

export const settingsPage = join(import.meta.dirname, '../docs/settings.md')

const rowOf = ({ flag, env, unless, says }: Option<unknown>): string =>
  `| ${flag ? `\`--${flag}\`` : ''} | \`${env}\` | ${unless === undefined ? '' : `\`${unless}\``} | ${says.replaceAll('|', '\\|')} |`

/** The page, from the table. */
export const renderSettings = (): string => `# Settings

What \`heddle up\` (and so \`npm start\`) can be told. A flag counts before the variable, the variable before the file
\`HEDDLE_HOME/settings.json\`, which holds flags by name:

\`\`\`json
{ "port": 8402, "buy-from": ["https://gpu.example", "https://another.example"] }
\`\`\`

Times are like \`500ms\`, \`30s\`, \`5m\`; a number alone counts seconds. Several values have commas between them. What is not understood is
refused by name, before anything starts. This page is written from \`apps/cli/src/up/options.ts\` by \`node scripts/settings.ts\`.

| flag | variable | unless said | what it is for |
|---|---|---|---|
| \`--home\` | \`HEDDLE_HOME\` | \`~/.heddle\` | Where this installation lives; \`.heddle\` for \`npm start\` |
${Object.values(options).map(rowOf).join('\n')}
`

if (import.meta.main) writeFileSync(settingsPage, renderSettings())
