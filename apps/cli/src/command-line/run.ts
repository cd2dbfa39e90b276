import { HeddleError } from '@heddle/protocol'
import { type ArgsDef, type CommandDef, runCommand, showUsage } from 'citty'
import { report } from '../report.ts'
import { guess } from './nearest.ts'
import { readWords } from './words.ts'

/** A command, its name from the first word on, and what is said after it. */
export type Found = { path: readonly string[]; command: CommandDef; parent?: CommandDef; rest: readonly string[] }

/** Commands whose exit code 2 means something else: their 3 is *not checked*. */
const NOT_CHECKED: ReadonlySet<string> = new Set(['receipt check', 'receipt asked'])

const resolve = <T>(value: T | (() => T) | (() => Promise<T>) | Promise<T>): Promise<T> =>
  Promise.resolve(typeof value === 'function' ? (value as () => T | Promise<T>)() : value)

/** The commands below a command, by name. */
export const below = async (command: CommandDef): Promise<Record<string, CommandDef>> =>
  ((await resolve(command.subCommands ?? {})) as Record<string, CommandDef>) ?? {}

/** What a command takes: the one table that its words are read by, `--help` shows and docs/commands.md is written from. */
export const tableOf = async (command: CommandDef): Promise<ArgsDef> =>
  ((await resolve(command.args ?? {})) as ArgsDef) ?? {}

/** Finds the command that is meant by the first words. Throws `usage_wrong` for one that is none. */
export async function findCommand(main: CommandDef, words: readonly string[]): Promise<Found> {
  let found: Found = { path: [], command: main, rest: words }
  for (;;) {
    const { path, command, rest } = found
    const commands = await below(command)
    const names = Object.keys(commands)
    if (names.length === 0) return found
    const [word] = rest
    const unless = (await resolve(command.default)) as string | undefined
    const name = word !== undefined && !word.startsWith('-') ? word : unless
    if (name === undefined) {
      if (word === undefined || isHelp(word)) return found
      throw new HeddleError('usage_wrong', `${word} comes after the command: heddle COMMAND ${word}`)
    }
    if (!Object.hasOwn(commands, name))
      throw new HeddleError('usage_wrong', `"${[...path, name].join(' ')}" is no command${guess(name, names)}`)
    // `heddle keys --help` is about all of them, not about the one that is meant when none is named.
    if (name !== word && rest.some(isHelp)) return found
    found = {
      path: [...path, name],
      command: commands[name]!,
      parent: command,
      rest: name === word ? rest.slice(1) : rest,
    }
  }
}

const isHelp = (word: string): boolean => word === '--help' || word === '-h'

/** Reads a whole command line, and does what it says: nothing before all of it is understood. */
export async function runLine(main: CommandDef, words: readonly string[]): Promise<void> {
  if (words.length === 1 && (words[0] === '--version' || words[0] === '-v')) {
    const { version } = (await resolve(main.meta ?? {})) as { version?: string }
    return console.log(version)
  }
  const how = { json: words.includes('--json') }
  let refused = 2
  let understood: (() => Promise<void>) | undefined
  await report(how, async () => {
    const { path, command, parent, rest } = await findCommand(main, words)
    if (NOT_CHECKED.has(path.join(' '))) refused = 3
    const asksHelp = (rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest).some(isHelp)
    const isGroup = Object.keys(await below(command)).length > 0
    if (isGroup || asksHelp) understood = () => showHelp(command, parent, asksHelp)
    else {
      const rawArgs = readWords(await tableOf(command), rest)
      understood = async () => void (await runCommand(command, { rawArgs }))
    }
  })
  if (understood) await report(how, understood)
  else process.exitCode = refused
}

/** What a command takes; who said too little to mean one is shown it too. */
async function showHelp(command: CommandDef, parent: CommandDef | undefined, isAsked: boolean): Promise<void> {
  await showUsage(command, parent)
  if (!isAsked) process.exitCode = 2
}
