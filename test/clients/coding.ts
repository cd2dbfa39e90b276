import assert from 'node:assert/strict'
import type { Scripted } from './program.ts'
import type { Ran } from './running.ts'
import type { Asked, Script, Turn } from './scripted/engine.ts'
import { turnOf } from './scripted/engine.ts'

/** What a coding program is asked to do, in one sentence. */
export const TASK = 'Write one.txt and two.txt'

/**
 * Five answers of a model that works with a shell: it looks, writes a file, calls two tools at once, is told of a
 * failure, and ends. `shell` says how this program's own tool is called.
 */
export function shellScript(shell: (command: string) => { name: string; arguments: object }): Script {
  const turns: readonly Turn[] = [
    { says: 'I will look first.', calls: [shell('pwd && ls -A')] },
    { calls: [shell('echo "größe: 1 €" > one.txt')] },
    { says: 'Two at once.', calls: [shell('echo two > two.txt'), shell('cat one.txt')] },
    { calls: [shell('cat missing.txt')] },
    { says: 'All steps are done.' },
  ]
  // What is asked without tools is the program's own: a title for the conversation, a check of the connection.
  return asked => (asked.tools ? turns[turnOf(asked)]! : { says: 'A title' })
}

/** The files are there, the engine was told what each tool gave, and every answer has a receipt that holds. */
export async function assertShellDone(program: Scripted, { code, stdout, stderr }: Ran): Promise<void> {
  const refused = program.exchanges.find(({ path, status }) => path.startsWith('/v1/') && status >= 400)
  assert.equal(refused, undefined, refused && `${refused.path} was answered ${refused.answer.slice(0, 600)}`)
  assert.equal(code, 0, stdout + stderr)
  assert.match(stdout, /All steps are done\./)
  assert.deepEqual([program.written('one.txt'), program.written('two.txt')], ['größe: 1 €\n', 'two\n'])
  // What a tool printed is the program's affair, and some lose a line of it: what it sent is what the engine must be told.
  const results = resultsIn(program.engine.asked.findLast(({ tools }) => tools)!)
  assert.equal(results.length, 5)
  const sent = program.exchanges.findLast(({ body }) => body.includes('missing.txt'))!.body
  for (const result of results) assert.ok(sent.includes(asJson(lastLine(result))), result)
  const receipts = await program.checkReceipts()
  assert.ok(receipts.length >= 5)
  program.compare({ 'several turns with tools': 'works' })
}

/** What the tools gave, in the order in which the engine is told. */
const resultsIn = ({ messages }: Asked): string[] =>
  messages
    .filter(({ role }) => role === 'tool')
    .map(({ content }) => (typeof content === 'string' ? content : JSON.stringify(content)))

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1)!
const asJson = (text: string): string => JSON.stringify(text).slice(1, -1)
