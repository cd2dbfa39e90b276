import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Program } from './program.ts'
import type { Ran } from './running.ts'

/** How each program is pointed at a gateway and asked one thing without a terminal, as docs/clients.md tells people. */
export type Launch = (program: Program, task: string, more?: readonly string[]) => Promise<Ran>

export const claudeCode: Launch = (program, task, more = ['--allowedTools', 'Bash']) =>
  program.run([...more, '--model', program.model, '-p', task], {
    ANTHROPIC_BASE_URL: program.url,
    ANTHROPIC_AUTH_TOKEN: program.apiKey,
    ANTHROPIC_SMALL_FAST_MODEL: program.model,
    // Only with `--bare` it looks at this one instead.
    ...(more.includes('--bare') && { ANTHROPIC_API_KEY: program.apiKey }),
  })

/** The same, for a small model: of its own instructions only these, and one tool. */
export const claudeCodeBriefly: Launch = (program, task) =>
  claudeCode(program, task, ['--bare', '--tools', 'Bash', '--system-prompt', 'Answer briefly.'])

/** `more` are lines of its settings. */
export const codex: Launch = (program, task, more = []) => {
  write(
    program,
    '.codex/config.toml',
    `model = "${program.model}"
model_provider = "heddle"
${more.join('\n')}

[model_providers.heddle]
name = "Heddle"
base_url = "${program.base}"
env_key = "HEDDLE_API_KEY"
wire_api = "responses"
`,
  )
  const unattended = ['--dangerously-bypass-approvals-and-sandbox', '--skip-git-repo-check']
  return program.run(['exec', ...unattended, task], { HEDDLE_API_KEY: program.apiKey })
}

/** With little to read, for a small model: without its own instructions, skills and helpers. */
export const codexBriefly: Launch = (program, task) =>
  codex(program, task, [
    `model_instructions_file = "${write(program, '.codex/brief.md', 'Answer briefly.')}"`,
    'include_permissions_instructions = false',
    'web_search = "disabled"',
    'features = { multi_agent = false, goals = false }',
    'skills = { include_instructions = false }',
  ])

export const opencode: Launch = (program, task) => {
  const { base, apiKey, model } = program
  const heddle = {
    npm: '@ai-sdk/openai-compatible',
    name: 'Heddle',
    options: { baseURL: base, apiKey },
    models: { [model]: { name: model } },
  }
  const settings = { model: `heddle/${model}`, small_model: `heddle/${model}`, provider: { heddle }, autoupdate: false }
  write(program, '.config/opencode/opencode.json', JSON.stringify(settings))
  return program.run(['run', task], { OPENCODE_DISABLE_MODELS_FETCH: '1' })
}

export const qwenCode: Launch = (program, task) => {
  // Its shell in a terminal of its own loses what a quick command prints, now and then.
  write(program, '.qwen/settings.json', JSON.stringify({ tools: { shell: { enableInteractiveShell: false } } }))
  return program.run(['--yolo', '--auth-type', 'openai', '-p', task], {
    OPENAI_BASE_URL: program.base,
    OPENAI_API_KEY: program.apiKey,
    OPENAI_MODEL: program.model,
  })
}

export const continueCli: Launch = (program, task) => {
  const settings = write(
    program,
    'heddle.yaml',
    `name: heddle
version: 1.0.0
schema: v1
models:
  - name: ${program.model}
    provider: openai
    model: ${program.model}
    apiKey: ${program.apiKey}
    apiBase: ${program.base}
    useResponsesApi: false
    roles: [chat]
    capabilities: [tool_use]
`,
  )
  return program.run(['--config', settings, '--auto', '-p', task], { CONTINUE_TELEMETRY_ENABLED: '0' })
}

/** `more` are its own arguments. */
export const aider: Launch = ({ run, model, base, apiKey }, task, more = []) => {
  const quiet = ['--yes-always', '--no-git', '--no-check-update', '--no-show-model-warnings', '--analytics-disable']
  return run(['--model', `openai/${model}`, ...quiet, '--message', task, ...more], {
    OPENAI_API_BASE: base,
    OPENAI_API_KEY: apiKey,
    LITELLM_LOCAL_MODEL_COST_MAP: 'True',
  })
}

/** `more` are its own arguments. */
export const llm: Launch = (program, task, more = []) => {
  const { model, base, apiKey, home } = program
  const models = `- model_id: heddle
  model_name: ${model}
  api_base: ${base}
  api_key_name: heddle
  supports_tools: true
  supports_schema: true
`
  write(program, 'llm/extra-openai-models.yaml', models)
  return program.run(['-m', 'heddle', '--key', apiKey, ...more, task], { LLM_USER_PATH: join(home, 'llm') })
}

/** Puts a file into the program's home. */
function write({ home }: Program, name: string, text: string): string {
  const file = join(home, name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}
