/** Writes docs/commands.md from the tables that the command line itself reads by. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ArgDef, CommandDef } from 'citty'
import { startable } from '../apps/cli/src/clients/clients.ts'
import { below, tableOf } from '../apps/cli/src/command-line/run.ts'
import { tree } from '../apps/cli/src/command-line/tree.ts'
import { commonArgs } from '../apps/cli/src/report.ts'

export const commandsPage = join(import.meta.dirname, '../docs/commands.md')

const cell = (text: string): string => text.replaceAll('|', '\\|')

const rowOf = ([name, one]: [string, ArgDef]): string => {
  const isWord = one.type === 'positional'
  const shown = isWord ? name.toUpperCase() : one.type === 'boolean' ? `--${name}` : `--${name} …`
  const must = isWord ? one.required !== false && one.default === undefined : one.required === true
  const unless = one.default === undefined || one.default === false ? '' : ` (unless said: \`${String(one.default)}\`)`
  return `| \`${shown}\` | ${must ? 'must' : ''} | ${cell(one.description ?? '')}${unless} |`
}

async function partOf(path: readonly string[], command: CommandDef): Promise<string[]> {
  const commands = Object.entries(await below(command))
  if (commands.length > 0)
    return (await Promise.all(commands.map(([name, one]) => partOf([...path, name], one)))).flat()
  const { description = '' } = command.meta as { description?: string }
  const own = Object.entries(await tableOf(command)).filter(([name]) => !(name in commonArgs))
  const title = `## heddle ${path.join(' ')}\n\n${cell(description)}\n`
  if (path[0] === 'up') return [`${title}\nIts flags are [settings](settings.md).\n`]
  return [own.length === 0 ? title : `${title}\n| | | |\n|---|---|---|\n${own.map(rowOf).join('\n')}\n`]
}

/** The page, from the tables. */
export async function renderCommands(): Promise<string> {
  const all = Object.entries(await below(tree)).filter(([name]) => !startable.some(one => one === name))
  const parts = (await Promise.all(all.map(([name, one]) => partOf([name], one)))).flat()
  return `# Commands

What \`heddle\` takes (in a clone \`./heddle\`), and nothing else: a word, a flag or a value that is not here, is empty, or is
missing, is refused by name with exit code 2 before anything is done (3 from \`receipt check\` and \`receipt asked\`, whose
2 means something else). \`heddle COMMAND --help\` shows the same. This page is written by \`node scripts/commands.ts\`.

Every command has \`--home PATH\` (HEDDLE_HOME; else where a house runs; else \`~/.heddle\`) and \`--json\`. ${startable.map(one => `\`heddle ${one}\``).join(', ')}
start that client, and what follows is the client's own.

${parts.join('\n')}`
}

if (import.meta.main) writeFileSync(commandsPage, await renderCommands())
