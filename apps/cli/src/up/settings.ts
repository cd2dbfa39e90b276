import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { HeddleError } from '@heddle/protocol'
import { readOptions } from './option.ts'
import { options, type Settings } from './options.ts'

/** The file of a home that says what flags would say. */
export const settingsFile = (home: string): string => join(home, 'settings.json')

/**
 * Reads everything that `heddle up` was told: by its flags, the environment, and the file of its home, in this order.
 * Throws `setting_invalid`, which names the setting.
 */
export const readSettings = (
  home: string,
  flags: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Settings => readOptions(options, { flags, environment, file: fileOf(settingsFile(home)) })

const known = new Set(Object.values(options).flatMap(({ flag }: { flag?: string }) => flag ?? []))

/** `{"port": 8402, "buy-from": ["https://…", "https://…"]}`: flags by name, as texts. */
function fileOf(path: string): Record<string, string> {
  if (!existsSync(path)) return {}
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new HeddleError('setting_invalid', `${path}: ${(cause as Error).message}`, { cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new HeddleError('setting_invalid', `${path}: not an object of settings by name`)
  return Object.fromEntries(
    Object.entries(value).map(([name, said]) => {
      if (!known.has(name)) throw new HeddleError('setting_invalid', `${path}: "${name}" is no setting`)
      return [name, textOf(said, `${path}: ${name}`)]
    }),
  )
}

function textOf(said: unknown, name: string): string {
  if (Array.isArray(said)) return said.length === 0 ? 'none' : said.map(one => textOf(one, name)).join(',')
  if (typeof said === 'string' || typeof said === 'number' || typeof said === 'boolean') return String(said)
  throw new HeddleError('setting_invalid', `${name}: a text, a number, true, false, or several texts`)
}
