/**
 * Writes docs/compatibility.md from docs/compatibility.json, which the tests of real clients write with HEDDLE_RECORD=1,
 * and from the decision about every field of each API.
 */
import { writeFileSync } from 'node:fs'
import { type Decision, pages } from '../test/clients/fields.ts'
import { page, readTable, renderPrograms, renderTable, type Table } from '../test/clients/table.ts'

const fieldRows = (fields: Readonly<Record<string, Decision>>): string =>
  Object.entries(fields)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { says }]) => `| \`${name}\` | ${says} |`)
    .join('\n')

/** The page, from the committed table. */
export const renderPage = (table: Table): string => `# Compatibility

What unmodified clients do with Heddle. Written by \`node scripts/compatibility.ts\` from what the tests in \`test/clients\`
found with \`${table.model}\`, each client in front of a house of its own started as processes: gateway, provider, chain.

✓ works. *refused* names the field, or the error's code, and is what should happen. Empty: the client has no such thing, or
it was not tried with it.

${renderTable(table)}

The tiny model has no images and no reasoning: that those are refused by name is the test; with HEDDLE_TEST_MODEL set to
another GGUF file the same tests run, and this page is left alone. Tools are tried with a choice that forces one: a model of
820 thousand parameters calls none by itself.

## Programs and agents

Each as its registry carries it, unmodified, in front of a house whose own engine plays a script: it asks for the client's own
tools, several turns long, two at once and one that fails, and the tests look at the files that were written, at what the engine was
told of each tool, and at every receipt. For what goes wrong the table names the exception that the client's users catch.
How to point each at a gateway, and what a small model makes of it: [clients](clients.md).

${renderPrograms(table)}

## Base URLs

| client | base URL | key |
|---|---|---|
| OpenAI's, and what speaks like it | \`http://127.0.0.1:PORT/v1\` | \`authorization: Bearer\` |
| Anthropic's | \`http://127.0.0.1:PORT\` | \`x-api-key\`, or \`authorization: Bearer\` |

## What Heddle adds

- \`heddle\` in every answer (in a stream: in its last event): \`{receipt, charge, provider}\`, charge in base units. Whole answers carry
  the header \`x-heddle-receipt\` too. \`unused\` names labels such as \`user\` that were accepted and told nobody.
- \`provider\`: \`order\`, \`only\`, \`ignore\` (addresses, 0x…), \`allow_fallbacks\`, \`quantizations\`, \`sort\` (price, latency, throughput),
  \`min_honest_rate\` (0 … 1: the lower end of the 95% interval of what the house's watcher found; who was not checked is passed over), and
  \`max_price\`: \`{prompt, completion}\` in whole HED for **a million tokens**, with at most 12 decimals, so that it is a whole number of
  base units for one token. \`require_parameters: true\` and \`data_collection: "allow"\` say what happens anyway: a provider can read
  what it is sent.
- \`models\`: who is asked after \`model\`, the best first.
- \`POST /v1/quote\` with the body of a chat completion: model, provider, prices, what the input uses, and the most that it can cost.
- \`reasoning_content\` and \`reasoning\`, the same text under both names, in answers, deltas and messages that are sent back.
- \`top_k\`, everywhere.

## Fields

A field is honoured; or it is accepted at the value that says what happens anyway; or the request is a 400 with
\`unsupported_field\` or \`bad_request\` that names it. What is in no list here is refused by name. \`null\` is the same as leaving a field out.
A field that the chosen model cannot honour is a 400 with \`unsupported_by_model\` that names it.

${pages.map(({ title, fields }) => `### ${title}\n\n| field | what becomes of it |\n|---|---|\n${fieldRows(fields)}`).join('\n\n')}

## Ollama

Ollama's API is refused on every path, by gateway and provider, in a sentence that its client shows: it manages the engine as
much as it asks it. Its own address keeps working beside Heddle.
`

if (import.meta.main) writeFileSync(page, renderPage(readTable()))
