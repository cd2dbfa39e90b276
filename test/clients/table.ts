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

/** What is tried with programs and libraries that work through several turns, in the order of their table. */
export const programFeatures = [
  'list models',
  'chat',
  'streamed',
  'several turns with tools',
  'several turns over responses',
  'several turns over messages',
  'over responses',
  'JSON by a schema',
  'picture',
  'too long',
  'a wrong key',
  'a spent rate',
  'a model nobody has',
  'a field out of range',
] as const
export type ProgramFeature = (typeof programFeatures)[number]

/** `works`, or the exception that its users catch. `unused`: what it sends and the gateway passed over, as it says. */
export type ProgramRow = {
  client: string
  version: string
  outcomes: Partial<Record<ProgramFeature, string>>
  unused: string[]
}

export type Table = { model: string; rows: Row[]; programs: ProgramRow[] }

const file = join(import.meta.dirname, '../../docs/compatibility.json')
export const page = join(import.meta.dirname, '../../docs/compatibility.md')

export const readTable = (): Table =>
  existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Table)
    : { model: 'heddle-tiny', rows: [], programs: [] }

/** Puts one client's row into the committed table. */
export function writeRow(row: Row): void {
  const table = readTable()
  write({ ...table, rows: withRow(table.rows, row) })
}

export function writeProgram(row: ProgramRow): void {
  const table = readTable()
  write({ ...table, programs: withRow(table.programs, row) })
}

const withRow = <R extends { client: string }>(rows: readonly R[], row: R): R[] =>
  [...rows.filter(({ client }) => client !== row.client), row].sort((a, b) => (a.client < b.client ? -1 : 1))

const write = (table: Table): void => writeFileSync(file, `${JSON.stringify(table, null, 2)}\n`)

const cell = (outcome: Outcome | undefined): string => {
  if (outcome === undefined) return ''
  if (outcome === 'works') return '✓'
  return outcome.field ? `refused: \`${outcome.field}\`` : `refused: \`${outcome.refused}\``
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** The table as Markdown: a row a feature, a column a client. */
export function renderTable({ rows }: Table): string {
  return [
    line(['', ...rows.map(({ client, version }) => `${client} ${version}`.trim())]),
    line(['---', ...rows.map(() => ':-:')]),
    ...features.map(feature => line([feature, ...rows.map(({ outcomes }) => cell(outcomes[feature]))])),
  ].join('\n')
}

/** Programs and libraries as Markdown: a row a client, a column a feature, and what was passed over. */
export function renderPrograms({ programs }: Table): string {
  const tried = programFeatures.filter(feature => programs.some(({ outcomes }) => outcomes[feature]))
  const said = (outcome = ''): string => (outcome === 'works' ? '✓' : outcome && `\`${outcome}\``)
  return [
    line(['', ...tried, 'passed over']),
    line(['---', ...tried.map(() => ':-:'), '---']),
    ...programs.map(({ client, version, outcomes, unused }) =>
      line([
        `${client} ${version}`,
        ...tried.map(feature => said(outcomes[feature])),
        unused.map(one => `\`${one}\``).join(', '),
      ]),
    ),
  ].join('\n')
}
