import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { needed } from './installed/needed.ts'
import { aider } from './launch.ts'
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
  const { code, stdout, stderr } = await aider(program, 'Write new', ['--edit-format', 'diff', 'hello.txt'])
  assert.equal(code, 0, stdout + stderr)
  assert.equal(program.written('hello.txt'), 'new\n', stdout + stderr)
  assert.equal((await program.checkReceipts()).length, 2)
  program.compare({ 'several turns with tools': 'none: edits in the text' })
})
