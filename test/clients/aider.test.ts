import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { needed } from './installed/needed.ts'
import { startProgram } from './program.ts'
import type { Asked } from './scripted/engine.ts'

const lastWords = ({ messages }: Asked): string => JSON.stringify(messages.at(-1)?.content)

test('Aider edits a file, is told that it did not fit, and mends it', async t => {
  const client = await needed(t, 'aider')
  if (!client) return
  // It has no tools: it reads edits out of the text, and answers by itself when one does not apply.
  const edit = (old: string) =>
    `Here it is.\n\nhello.txt\n\`\`\`\n<<<<<<< SEARCH\n${old}\n=======\nnew\n>>>>>>> REPLACE\n\`\`\`\n`
  const program = await startProgram(t, client, asked => ({
    says: /failed to match/.test(lastWords(asked)) ? edit('old') : edit('never there'),
  }))
  writeFileSync(join(program.workplace, 'hello.txt'), 'old\n')
  const quiet = ['--yes-always', '--no-git', '--no-check-update', '--no-show-model-warnings', '--analytics-disable']
  const { code, stdout, stderr } = await program.run(
    ['--model', `openai/${program.model}`, '--edit-format', 'diff', ...quiet, '--message', 'Write new', 'hello.txt'],
    { OPENAI_API_BASE: program.base, OPENAI_API_KEY: program.apiKey, LITELLM_LOCAL_MODEL_COST_MAP: 'True' },
  )
  assert.equal(code, 0, stdout + stderr)
  assert.equal(program.written('hello.txt'), 'new\n', stdout + stderr)
  assert.equal((await program.checkReceipts()).length, 2)
  program.compare({ 'several turns with tools': 'none: edits in the text' })
})
