import assert from 'node:assert/strict'
import { test } from 'node:test'
import { neededModel } from './installed/model.ts'
import { needed } from './installed/needed.ts'
import { aider, claudeCode, claudeCodeBriefly, codex, codexBriefly, llm, qwenCode } from './launch.ts'
import { startOnModel } from './program.ts'

const TASK = 'Name three colours.'

for (const [name, launch] of [
  ['claude-code', claudeCodeBriefly],
  ['codex', codexBriefly],
  ['aider', aider],
  ['llm', llm],
] as const) {
  test(`${name}: the default model answers it, is paid, and leaves a receipt`, async t => {
    const client = await needed(t, name)
    const model = client && neededModel(t)
    if (!model) return
    const program = await startOnModel(t, client, model)
    const { stdout, stderr } = await launch(program, TASK)
    assert.ok(stdout.trim().length > 0, stderr)
    // Whether so small a model ends by itself is chance; where it is cut, a client may call that an error, or go on in vain.
    const receipts = await program.checkReceipts(program.exchanges.filter(({ status }) => status === 200))
    assert.ok(receipts.length > 0, stdout + stderr)
    for (const { charge } of receipts) assert.ok(BigInt(charge) > 0n)
  })
}

for (const [name, launch] of [
  ['claude-code', claudeCode],
  ['codex', codex],
  ['qwen-code', qwenCode],
] as const) {
  test(`${name}: with all of its instructions and tools it is told that the default model cannot read so much`, async t => {
    const client = await needed(t, name)
    const model = client && neededModel(t)
    if (!model) return
    const program = await startOnModel(t, client, model)
    const { stdout, stderr } = await launch(program, TASK)
    assert.match(stdout + stderr, /Prompt is too long|ran out of room|maximum context length/)
  })
}

test('llm: the default model keeps to a schema', async t => {
  const client = await needed(t, 'llm')
  const model = client && neededModel(t)
  if (!model) return
  const program = await startOnModel(t, client, model)
  const { stdout, stderr } = await llm(program, 'Invent a dog', ['--schema', 'name, age int', '-o', 'temperature', '0'])
  const { name, age } = JSON.parse(stdout || '{}') as { name?: unknown; age?: unknown }
  assert.deepEqual([typeof name, typeof age], ['string', 'number'], stdout + stderr)
})
