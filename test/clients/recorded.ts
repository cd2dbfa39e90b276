import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Installed } from './installed/cache.ts'
import { type Exchange, questionsIn } from './tap.ts'

/** Requests as one version of one client sent them: the longest conversation over each path. */
export type Recorded = { client: string; version: string; requests: { path: string; body: unknown }[] }

const folder = join(import.meta.dirname, 'recorded')
/** Characters that are kept of a long text: what matters to a door is the shape, not pages of instructions. */
const KEPT = 120

/** Everything that was recorded, by the client's name among the pins. */
export const readRecorded = (): Recorded[] =>
  readdirSync(folder)
    .sort()
    .map(file => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Recorded)

/** Keeps what a client sent as a fixture: without headers, keys, ids and folders of the machine that it ran on. */
export function writeRecorded({ name, client, version }: Installed, exchanges: readonly Exchange[]): void {
  const longest = new Map<string, string>()
  for (const { path, body } of questionsIn(exchanges)) {
    // What is asked with tools, with a format and with neither are three things.
    const kind = `${path} ${/"tools":/.test(body)} ${/"response_format":|"text":\{"format"/.test(body)}`
    if (body.length > (longest.get(kind) ?? '').length) longest.set(kind, body)
  }
  const requests = [...longest].map(([kind, body]) => ({
    path: kind.split(' ')[0]!,
    body: redacted(JSON.parse(body)),
  }))
  const recorded: Recorded = { client, version, requests }
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(recorded, null, 1)}\n`)
}

function redacted(value: unknown): unknown {
  if (typeof value === 'string') return shortened(value)
  if (Array.isArray(value)) return value.map(redacted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, redacted(one)]))
}

function shortened(text: string): string {
  // JSON inside of JSON stays readable: its own texts are short.
  if (text.length <= KEPT || text.startsWith('data:')) return anonymous(text)
  try {
    return JSON.stringify(redacted(JSON.parse(text)))
  } catch {
    return `${anonymous(text).slice(0, KEPT)}…`
  }
}

const anonymous = (text: string): string =>
  text
    .replace(/\/[\w/.-]*heddle-program-\w+/g, '/home/somebody')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '00000000-0000-4000-8000-000000000000')
    .replace(/[0-9a-f]{64}/g, '0'.repeat(64))
