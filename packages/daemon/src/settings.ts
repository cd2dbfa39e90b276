import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { HeddleError } from '@heddle/protocol'

/** Reads one setting: the flag wins, then the environment, then the default. Throws `setting_invalid` for an empty one. */
export function setting(name: string, options: { flag?: string | undefined; env: string; fallback: string }): string {
  const value = options.flag ?? process.env[options.env]
  if (value === undefined) return options.fallback
  if (value.trim() === '') throw new HeddleError('setting_invalid', `${name} (${options.env}) is empty`)
  return value
}

/** HEDDLE_HOME: where everything of one installation lives. */
export const homeSetting = (flag?: string): string =>
  resolve(setting('--home', { flag, env: 'HEDDLE_HOME', fallback: join(homedir(), '.heddle') }))

/** A required variable of a daemon that the CLI starts. */
export function required(name: string): string {
  const value = process.env[name]
  if (!value) throw new HeddleError('setting_invalid', `${name} is not set`)
  return value
}
