import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertShellDone, shellScript, TASK } from './coding.ts'
import { needed } from './installed/needed.ts'
import { codex } from './launch.ts'
import { startProgram } from './program.ts'
import { type Asked, turnOf } from './scripted/engine.ts'

const script = shellScript(cmd => ({ name: 'exec_command', arguments: { cmd } }))

test('Codex CLI works through several turns with its own tools', async t => {
  const client = await needed(t, 'codex')
  if (!client) return
  const program = await startProgram(t, client, script)
  await assertShellDone(program, await codex(program, TASK))
})

test('Codex CLI calls a tool that stands in a namespace, and is told what it gave', async t => {
  const client = await needed(t, 'codex')
  if (!client) return
  // What its helpers are asked has no tools that start others: it ends at once.
  const asksForHelp = ({ messages }: Asked): boolean => !JSON.stringify(messages).includes('Say yes')
  const program = await startProgram(t, client, asked => {
    if (!asksForHelp(asked)) return turnOf(asked) === 0 ? { says: 'yes' } : { says: 'The helper said yes.' }
    return { calls: [{ name: 'spawn_agent', arguments: { message: 'Say yes' } }] }
  })
  const { code, stdout, stderr } = await codex(program, 'Ask a helper')
  assert.equal(code, 0, stdout + stderr)
  assert.match(stdout, /The helper said yes\./)
  const sent = program.exchanges.map(({ body }) => body).find(body => body.includes('function_call_output'))!
  assert.match(sent, /"namespace":"multi_agent_v1"/)
  await program.checkReceipts()
})
