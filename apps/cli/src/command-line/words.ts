import { HeddleError } from '@heddle/protocol'
import type { ArgsDef } from 'citty'
import { guess } from './nearest.ts'

const refuse = (message: string): never => {
  throw new HeddleError('usage_wrong', message)
}

/** A value of the command line that cannot be read, by its name. Throws `usage_wrong`. */
export const complain = (name: string, wanted: string): never => refuse(`${name}: ${wanted}`)

/** `npm start` says `--home .heddle` first, and whoever says another one after it means that one. */
const LAST_COUNTS: ReadonlySet<string> = new Set(['home'])

/**
 * Reads the words of one command by the table of what it takes, the same that `--help` and docs/commands.md are written
 * from, and writes them anew in one form: flags with their value, `--`, words. Whatever the table does not know, and a value
 * that is missing, empty or said twice, is refused by name: a check or a limit that somebody asked for must not be left out
 * because of a letter. Throws `usage_wrong`.
 *
 * @example readWords({ cap: { type: 'string' } }, ['--cap', '1']) // ['--cap=1', '--']
 */
export function readWords(table: ArgsDef, words: readonly string[]): string[] {
  const flags = new Map<string, string>()
  const plain: string[] = []
  const rest = [...words]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') plain.push(...rest.splice(0))
    else if (!word.startsWith('-') || word === '-') plain.push(word)
    else {
      const { name, canonical } = readFlag(table, word, rest)
      const before = flags.get(name)
      if (before !== undefined && before !== canonical && !LAST_COUNTS.has(name))
        refuse(`--${name} is said twice; where it takes several values, they have commas between`)
      flags.set(name, canonical)
    }
  }
  requireAll(table, flags, plain)
  return [...flags.values(), '--', ...plain]
}

const flagsOf = (table: ArgsDef): string[] =>
  Object.entries(table)
    .filter(([, { type }]) => type !== 'positional')
    .map(([name]) => name)

function readFlag(table: ArgsDef, word: string, rest: string[]): { name: string; canonical: string } {
  const [, said = '', inline] = /^--?([^=]*)(?:=([\s\S]*))?$/.exec(word) ?? []
  const kind = (name: string): string | undefined =>
    word.startsWith('--') && Object.hasOwn(table, name) ? table[name]!.type : undefined
  const type = kind(said)
  if (type === 'string') {
    const value = inline ?? rest[0]
    if (value === undefined || (inline === undefined && value.startsWith('--')))
      return refuse(`--${said} needs a value`)
    if (inline === undefined) rest.shift()
    if (value.trim() === '') return refuse(`--${said} is empty`)
    return { name: said, canonical: `--${said}=${value}` }
  }
  if (type === 'boolean') {
    if (inline !== undefined && inline !== 'true' && inline !== 'false')
      return refuse(`--${said}: alone it says yes, --no-${said} says no; "${inline}" is neither`)
    return { name: said, canonical: inline === 'false' ? `--no-${said}` : `--${said}` }
  }
  const contrary = said.startsWith('no-') ? said.slice(3) : ''
  if (kind(contrary) === 'boolean') {
    if (inline !== undefined) return refuse(`--${said} takes no value`)
    return { name: contrary, canonical: `--no-${contrary}` }
  }
  return refuse(`${word.replace(/=[\s\S]*$/, '')} is not known here${guess(said, flagsOf(table), '--')}`)
}

function requireAll(table: ArgsDef, flags: ReadonlyMap<string, string>, plain: readonly string[]): void {
  const places = Object.entries(table).filter(([, { type }]) => type === 'positional')
  const tooMany = plain.slice(places.length)
  if (tooMany.length > 0)
    refuse(`too many words: ${tooMany.map(one => `"${one}"`).join(', ')}${forgotten(table, tooMany[0]!)}`)
  for (const [i, [name, { required, default: unless }]] of places.entries()) {
    if (plain[i] === undefined && required !== false && unless === undefined) refuse(`${name.toUpperCase()} is missing`)
    if (plain[i]?.trim() === '') refuse(`${name.toUpperCase()} is empty`)
  }
  for (const [name, { type, required }] of Object.entries(table))
    if (type !== 'positional' && required && !flags.has(name)) refuse(`--${name} is missing`)
}

/** `heddle status json`: the flag was meant, without its dashes. */
const forgotten = (table: ArgsDef, word: string): string =>
  flagsOf(table).includes(word) ? `; did you mean --${word}?` : ''
