import { test } from 'node:test'
import { assertShellDone, shellScript, TASK } from './coding.ts'
import { needed } from './installed/needed.ts'
import { startProgram } from './program.ts'

const script = shellScript(command => ({ name: 'Bash', arguments: { command, description: 'A step' } }))

test('Claude Code works through several turns with its own tools', async t => {
  const client = await needed(t, 'claude-code')
  if (!client) return
  const program = await startProgram(t, client, script)
  const ran = await program.run(['-p', TASK, '--allowedTools', 'Bash', '--model', program.model], {
    ANTHROPIC_BASE_URL: program.url,
    ANTHROPIC_AUTH_TOKEN: program.apiKey,
    ANTHROPIC_SMALL_FAST_MODEL: program.model,
  })
  await assertShellDone(program, ran)
})
