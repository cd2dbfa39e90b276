import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What can be asked of a client and Heddle together, in the order of the table. */
export const features = [
  'list models',
  'chat',
  'chat, streamed',
  'usage of a stream',
  'receipt of an answer',
  'tool call and its result',
  'tool call, streamed',
  'one tool by its name',
  'tools with strict: true',
  'JSON by a schema',
  'JSON by a schema, streamed',
  'any JSON',
  'log-probabilities',
  'several answers (n)',
  'seed',
  'stop',
  'logit_bias',
  'penalties',
  'cache key',
  'plain completion',
  'embeddings',
  'responses',
  'responses, streamed',
  'responses with tools',
  'count of tokens',
  'quote',
  'routing',
  'fall-back models',
  'image',
  'image by its URL',
  'reasoning effort',
  'paid by x402, batch-settlement',
  'paid by x402, exact',
  'a cap of its own',
  'a field nobody knows',
  'a model nobody has',
  'a wrong key',
  "Ollama's own API",
] as const
export type Feature = (typeof features)[number]

/** `works`, or how it is refused: the error's code, and the field that it names. */
export type Outcome = 'works' | { refused: string; field?: string }

export type Row = { client: string; version: string; outcomes: Partial<Record<Feature, Outcome>> }
export type Table = { model: string; rows: Row[] }

const file = join(import.meta.dirname, '../../docs/compatibility.json')
export const page = join(import.meta.dirname, '../../docs/compatibility.md')

export const readTable = (): Table =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Table) : { model: 'heddle-tiny', rows: [] }

/** Puts one client's row into the committed table. */
export function writeRow(row: Row): void {
  const { model, rows } = readTable()
  const others = rows.filter(({ client }) => client !== row.client)
  const sorted = [...others, row].sort((a, b) => (a.client < b.client ? -1 : 1))
  writeFileSync(file, `${JSON.stringify({ model, rows: sorted }, null, 2)}\n`)
}

const cell = (outcome: Outcome | undefined): string => {
  if (outcome === undefined) return ''
  if (outcome === 'works') return '✓'
  return outcome.field ? `refused: \`${outcome.field}\`` : `refused: \`${outcome.refused}\``
}

/** The table as Markdown: a row a feature, a column a client. */
export function renderTable({ rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    line(['', ...rows.map(({ client, version }) => `${client} ${version}`.trim())]),
    line(['---', ...rows.map(() => ':-:')]),
    ...features.map(feature => line([feature, ...rows.map(({ outcomes }) => cell(outcomes[feature]))])),
  ].join('\n')
}
