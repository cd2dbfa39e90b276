import { mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Client, type ClientName, clients } from '../../apps/cli/src/clients/clients.ts'
import type { Program } from './program.ts'
import type { Ran } from './running.ts'

/** Asks a program one thing without a terminal, told where the house is just as `heddle env` tells it. */
export type Launch = (program: Program, task: string, more?: readonly string[]) => Promise<Ran>

export const claudeCode: Launch = (program, task, more = ['--allowedTools', 'Bash']) =>
  program.run([...more, '-p', task], told(program, 'claude').variables)

/** The same, for a small model: of its own instructions only these, and one tool. */
export const claudeCodeBriefly: Launch = (program, task) =>
  claudeCode(program, task, ['--bare', '--tools', 'Bash', '--system-prompt', 'Answer briefly.'])

export const codex: Launch = (program, task, more = []) => {
  const { flags, variables } = told(program, 'codex')
  const unattended = ['--dangerously-bypass-approvals-and-sandbox', '--skip-git-repo-check']
  return program.run([...flags, 'exec', ...unattended, ...more, task], variables)
}

/** With little to read, for a small model: without its own instructions, skills and helpers. */
export const codexBriefly: Launch = (program, task) => {
  const brief = write(join(program.home, '.codex/brief.md'), 'Answer briefly.')
  const settings = [
    `model_instructions_file=${JSON.stringify(brief)}`,
    'include_permissions_instructions=false',
    'web_search="disabled"',
    'features.multi_agent=false',
    'features.goals=false',
    'skills.include_instructions=false',
  ]
  return codex(
    program,
    task,
    settings.flatMap(one => ['-c', one]),
  )
}

export const opencode: Launch = (program, task) =>
  program.run(['run', task], { ...told(program, 'opencode').variables, OPENCODE_DISABLE_MODELS_FETCH: '1' })

export const qwenCode: Launch = (program, task) => {
  // Its shell in a terminal of its own loses what a quick command prints, now and then.
  const settings = { tools: { shell: { enableInteractiveShell: false } } }
  write(join(program.home, '.qwen/settings.json'), JSON.stringify(settings))
  return program.run(['--yolo', '--auth-type', 'openai', '-p', task], told(program, 'qwen').variables)
}

export const continueCli: Launch = (program, task) =>
  program.run(['--auto', '-p', task], { ...told(program, 'continue').variables, CONTINUE_TELEMETRY_ENABLED: '0' })

/** `more` are its own arguments. */
export const aider: Launch = (program, task, more = []) => {
  const quiet = ['--yes-always', '--no-git', '--no-check-update', '--no-show-model-warnings', '--analytics-disable']
  const variables = { ...told(program, 'aider').variables, LITELLM_LOCAL_MODEL_COST_MAP: 'True' }
  return program.run([...quiet, '--message', task, ...more], variables)
}

/** `more` are its own arguments. */
export const llm: Launch = (program, task, more = []) =>
  program.run(['-m', 'heddle', ...more, task], told(program, 'llm').variables)

/** What `heddle env` says to a client: variables, arguments, and a file that is written where it says. */
export function told({ url, apiKey, model, home }: Program, name: ClientName) {
  const client: Client = clients[name]
  const place = { url, key: apiKey, model }
  const file = client.file?.(place)
  if (file) write(file.path.replace(/^~/, home), file.text)
  return { variables: { ...client.variables(place) }, flags: client.flags?.(place) ?? [] }
}

function write(file: string, text: string): string {
  // A path that was not said to be the program's own home would be this person's.
  if (file.startsWith(homedir())) throw new Error(`${file} is not the program's`)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}
