import { test } from 'node:test'
import { assertShellDone, shellScript, TASK } from './coding.ts'
import { needed } from './installed/needed.ts'
import { continueCli } from './launch.ts'
import { startProgram } from './program.ts'

const script = shellScript(command => ({ name: 'Bash', arguments: { command } }))

test('Continue works through several turns with its own tools', async t => {
  const client = await needed(t, 'continue')
  if (!client) return
  const program = await startProgram(t, client, script)
  await assertShellDone(program, await continueCli(program, TASK))
})
