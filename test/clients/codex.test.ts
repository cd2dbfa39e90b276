import { test } from 'node:test'
import { assertShellDone, shellScript, TASK } from './coding.ts'
import { needed } from './installed/needed.ts'
import { codex } from './launch.ts'
import { startProgram } from './program.ts'

const script = shellScript(cmd => ({ name: 'exec_command', arguments: { cmd } }))

test('Codex CLI works through several turns with its own tools', async t => {
  const client = await needed(t, 'codex')
  if (!client) return
  const program = await startProgram(t, client, script)
  await assertShellDone(program, await codex(program, TASK))
})
