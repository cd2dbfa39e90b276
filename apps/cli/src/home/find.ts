import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { homeSetting } from '@heddle/daemon'
import { HeddleError } from '@heddle/protocol'
import { isAlive, lastRun, type RunFile } from './run-file.ts'
import { toldHomes } from './running.ts'

/** The clone that this file is of; `npm start` lives in its `.heddle`. */
const CLONE = join(import.meta.dirname, '../../../..')

/** Where a house may be when nobody says: here, in this clone, in the user's own folder. */
const usualHomes = (clone: string): string[] => [
  ...new Set([resolve('.heddle'), join(clone, '.heddle'), join(homedir(), '.heddle')]),
]

const runsIn = (home: string): boolean => isAlive(lastRun(home)?.pid)

/**
 * The home that a command is about: `--home` or HEDDLE_HOME; else where a house runs, here first; else where one ran
 * before. Throws `setting_invalid` where several run elsewhere and none here: nobody could say which was meant.
 * `clone` is whose own home counts: that of this file.
 */
export function findHome(flag?: string, clone = CLONE): string {
  if (flag !== undefined || process.env['HEDDLE_HOME'] !== undefined) return homeSetting(flag)
  const usual = usualHomes(clone)
  const here = usual.find(runsIn)
  if (here) return here
  const [first, ...others] = toldHomes().filter(runsIn)
  if (first && others.length > 0)
    throw new HeddleError(
      'setting_invalid',
      `--home (HEDDLE_HOME): several houses run, say which: ${[first, ...others].join(', ')}`,
    )
  return first ?? usual.find(home => existsSync(join(home, 'api-key'))) ?? homeSetting()
}

/** What runs on this machine now, of this user, as far as it left word. */
export const runningHouses = (): RunFile[] =>
  [...new Set([...usualHomes(CLONE), ...toldHomes()])].filter(runsIn).flatMap(home => lastRun(home) ?? [])

/** What runs in this home now. Throws `not_running`. */
export function running(home: string, clone = CLONE): RunFile {
  const run = lastRun(home)
  if (!run || !isAlive(run.pid)) throw new HeddleError('not_running', `nothing runs in ${placesLooked(home, clone)}`)
  return run
}

/** Where was looked for a house that runs, in words. */
function placesLooked(home: string, clone: string): string {
  const asked = process.env['HEDDLE_HOME'] !== undefined
  const usual = usualHomes(clone)
  const isSaid = asked || !usual.includes(home)
  const looked = isSaid ? [home] : [home, ...usual.filter(one => one !== home && !runsIn(one))]
  const there = [...new Set([...usual, ...toldHomes()])].filter(runsIn)
  const elsewhere = there.length > 0 ? `; what runs is in ${there.join(', ')}` : ''
  return `${looked.join(', ')}${asked ? ' (HEDDLE_HOME)' : ''}${elsewhere}`
}
