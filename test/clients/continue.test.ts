import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { assertShellDone, shellScript, TASK } from './coding.ts'
import { needed } from './installed/needed.ts'
import { startProgram } from './program.ts'

const script = shellScript(command => ({ name: 'Bash', arguments: { command } }))

test('Continue works through several turns with its own tools', async t => {
  const client = await needed(t, 'continue')
  if (!client) return
  const program = await startProgram(t, client, script)
  const settings = join(program.home, 'heddle.yaml')
  writeFileSync(
    settings,
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
  const quiet = { CONTINUE_TELEMETRY_ENABLED: '0' }
  const ran = await program.run(['--config', settings, '--auto', '-p', TASK], quiet)
  await assertShellDone(program, ran)
})
