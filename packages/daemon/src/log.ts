import { createWriteStream } from 'node:fs'
import type { Log } from '@heddle/protocol'

const toJson = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value)

/** A log of one JSON object a line, to a file or to standard error. Never holds prompts, answers or keys. */
export function openLog(options: { name: string; file?: string }): Log {
  const stream = options.file ? createWriteStream(options.file, { flags: 'a', mode: 0o600 }) : process.stderr
  stream.on('error', () => undefined)
  const write =
    (level: string) =>
    (event: string, fields: Record<string, unknown> = {}) => {
      const line = { time: new Date().toISOString(), level, daemon: options.name, event, ...fields }
      stream.write(`${JSON.stringify(line, toJson)}\n`)
    }
  return { info: write('info'), warn: write('warn'), error: write('error') }
}
