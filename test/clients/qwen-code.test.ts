import { test } from 'node:test'
import { assertShellDone, shellScript, TASK } from './coding.ts'
import { needed } from './installed/needed.ts'
import { qwenCode } from './launch.ts'
import { startProgram } from './program.ts'

const script = shellScript(command => ({
  name: 'run_shell_command',
  arguments: { command, description: 'A step', is_background: false },
}))

test('Qwen Code works through several turns with its own tools', async t => {
  const client = await needed(t, 'qwen-code')
  if (!client) return
  const program = await startProgram(t, client, script)
  await assertShellDone(program, await qwenCode(program, TASK))
})
