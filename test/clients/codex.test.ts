import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { assertShellDone, shellScript, TASK } from './coding.ts'
import { needed } from './installed/needed.ts'
import { startProgram } from './program.ts'

const script = shellScript(cmd => ({ name: 'exec_command', arguments: { cmd } }))

test('Codex CLI works through several turns with its own tools', async t => {
  const client = await needed(t, 'codex')
  if (!client) return
  const program = await startProgram(t, client, script)
  mkdirSync(join(program.home, '.codex'))
  writeFileSync(
    join(program.home, '.codex/config.toml'),
    `model = "${program.model}"
model_provider = "heddle"

[model_providers.heddle]
name = "Heddle"
base_url = "${program.base}"
env_key = "HEDDLE_API_KEY"
wire_api = "responses"
`,
  )
  const unattended = ['--dangerously-bypass-approvals-and-sandbox', '--skip-git-repo-check']
  const ran = await program.run(['exec', ...unattended, TASK], { HEDDLE_API_KEY: program.apiKey })
  await assertShellDone(program, ran)
})
