import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { assertShellDone, shellScript, TASK } from './coding.ts'
import { needed } from './installed/needed.ts'
import { startProgram } from './program.ts'

const script = shellScript(command => ({
  name: 'run_shell_command',
  arguments: { command, description: 'A step', is_background: false },
}))

test('Qwen Code works through several turns with its own tools', async t => {
  const client = await needed(t, 'qwen-code')
  if (!client) return
  const program = await startProgram(t, client, script)
  // Its shell in a terminal of its own loses what a quick command prints, now and then.
  mkdirSync(join(program.home, '.qwen'))
  writeFileSync(
    join(program.home, '.qwen/settings.json'),
    JSON.stringify({ tools: { shell: { enableInteractiveShell: false } } }),
  )
  const ran = await program.run(['--yolo', '--auth-type', 'openai', '-p', TASK], {
    OPENAI_BASE_URL: program.base,
    OPENAI_API_KEY: program.apiKey,
    OPENAI_MODEL: program.model,
  })
  await assertShellDone(program, ran)
})
