import { test } from 'node:test'
import { assertShellDone, shellScript, TASK } from './coding.ts'
import { needed } from './installed/needed.ts'
import { opencode } from './launch.ts'
import { startProgram } from './program.ts'

const script = shellScript(command => ({ name: 'bash', arguments: { command, description: 'A step' } }))

test('opencode works through several turns with its own tools', async t => {
  const client = await needed(t, 'opencode')
  if (!client) return
  const program = await startProgram(t, client, script)
  await assertShellDone(program, await opencode(program, TASK))
})
