import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import type { ArgsDef } from 'citty'
import fc from 'fast-check'
import { commandsPage, renderCommands } from '../../../../scripts/commands.ts'
import { nearest } from './nearest.ts'
import { below, findCommand, tableOf } from './run.ts'
import { tree } from './tree.ts'
import { readWords } from './words.ts'

const table = {
  name: { type: 'positional', required: true },
  note: { type: 'positional', required: false },
  cap: { type: 'string', required: true },
  expires: { type: 'string' },
  'buy-from': { type: 'string' },
  home: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const satisfies ArgsDef

const refused = (words: readonly string[], says: RegExp | string) =>
  assert.throws(
    () => readWords(table, words),
    error =>
      isHeddleError(error, 'usage_wrong') &&
      (typeof says === 'string' ? error.message === says : says.test(error.message)),
    words.join(' '),
  )

test('words are read in any order and written in one form', () => {
  assert.deepEqual(readWords(table, ['a', '--cap', '1', '--json', 'b']), ['--cap=1', '--json', '--', 'a', 'b'])
  assert.deepEqual(readWords(table, ['--cap=1', '--json=false', '--', '--b']), ['--cap=1', '--no-json', '--', '--b'])
  assert.deepEqual(readWords(table, ['a', '--cap', '-1']), ['--cap=-1', '--', 'a'], 'a value may be below nothing')
  assert.deepEqual(readWords(table, ['a', '--cap=--x', '--no-json']), ['--cap=--x', '--no-json', '--', 'a'])
})

test('what is not known is refused by name, with what was probably meant', () => {
  refused(['a', '--cap', '1', '--expire', '2026-12-01'], '--expire is not known here; did you mean --expires?')
  refused(['a', '--cap', '1', '--expire=2026-12-01'], '--expire is not known here; did you mean --expires?')
  refused(['a', '--cap', '1', '--buyfrom', 'http://x'], '--buyfrom is not known here; did you mean --buy-from?')
  refused(['a', '--cap', '1', '--buyFrom', 'http://x'], '--buyFrom is not known here; did you mean --buy-from?')
  refused(['a', '--cap', '1', '--per', 'day'], '--per is not known here')
  refused(['a', '--cap', '1', '-j'], '-j is not known here')
  refused(['a', '--cap', '1', '-json'], '-json is not known here; did you mean --json?')
  refused(['a', '--no-cap'], /^--no-cap is not known/)
  refused(['a', '--name', 'b', '--cap', '1'], /^--name is not known/)
  refused(['a', '--cap', '1', '--constructor', 'x'], /^--constructor is not known/)
})

test('what is missing, empty, too much or said twice is refused', () => {
  refused(['--cap', '1'], 'NAME is missing')
  refused(['a'], '--cap is missing')
  refused(['a', '--cap'], '--cap needs a value')
  refused(['a', '--cap', '--json'], '--cap needs a value')
  refused(['a', '--cap', ''], '--cap is empty')
  refused(['', '--cap', '1'], 'NAME is empty')
  refused(['a', 'b', 'c', '--cap', '1'], 'too many words: "c"')
  refused(['a', 'b', 'json', '--cap', '1'], 'too many words: "json"; did you mean --json?')
  refused(['a', '--cap', '1', '--cap', '2'], /^--cap is said twice/)
  refused(['a', '--cap', '1', '--json=0'], /^--json: .*"0" is neither$/)
  refused(['a', '--cap', '1', '--no-json=1'], '--no-json takes no value')
  assert.deepEqual(readWords(table, ['a', '--cap', '1', '--home', 'x', '--home', 'y']).slice(0, 2), [
    '--cap=1',
    '--home=y',
  ])
})

test('no word is lost: everything that is said is in what is read, or it is refused', () => {
  const word = fc.oneof(
    fc.constantFrom('--cap', '--json', '--no-json', '--', '--expires=x', 'a', '-1', '--x'),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), words => {
      let read: string[]
      try {
        read = readWords(table, words)
      } catch (error) {
        return assert.ok(isHeddleError(error, 'usage_wrong'))
      }
      const [flags, plain] = [read.slice(0, read.indexOf('--')), read.slice(read.indexOf('--') + 1)]
      for (const one of words) {
        if (one === '--' || /^--(no-)?json(=|$)/.test(one)) continue
        assert.ok(
          plain.includes(one) ||
            flags.some(flag => flag === one || flag.endsWith(`=${one}`) || flag.startsWith(`${one}=`)),
        )
      }
      assert.deepEqual(readWords(table, read), read, 'and reads the same again')
    }),
    { numRuns: 2_000 },
  )
})

test('a guess is near, or there is none', () => {
  const flags = ['port', 'sell', 'sell-port', 'policy', 'nonce', 'text', 'home']
  for (const [said, meant] of Object.entries({
    prot: 'port',
    sel: 'sell',
    polcy: 'policy',
    nonc: 'nonce',
    tex: 'text',
  }))
    assert.equal(nearest(said, flags), meant)
  for (const said of ['', 'per', 'x', '-', 'seldom-used'.repeat(1_000)]) assert.equal(nearest(said, flags), undefined)
})

test('a command that is none is refused by name; a flag before it, too', async () => {
  const no = (words: string[], says: RegExp) =>
    assert.rejects(findCommand(tree, words), error => isHeddleError(error, 'usage_wrong') && says.test(error.message))
  await no(['stauts'], /^"stauts" is no command; did you mean status\?$/)
  await no(['keys', 'ad'], /^"keys ad" is no command; did you mean add\?$/)
  await no(['receipt', '0x12'], /^"receipt 0x12" is no command$/)
  await no(['--json', 'status'], /^--json comes after the command/)
  await no(['constructor'], /is no command/)
  assert.deepEqual((await findCommand(tree, ['keys', '--json'])).path, ['keys', 'list'])
  assert.deepEqual((await findCommand(tree, ['keys', '--help'])).path, ['keys'])
  assert.deepEqual((await findCommand(tree, ['receipt', 'check', '--x'])).path, ['receipt', 'check'])
})

test('every command refuses a flag that it does not know, before it does anything', async () => {
  const visit = async (
    path: string[],
    command: Awaited<ReturnType<typeof findCommand>>['command'],
  ): Promise<number> => {
    const commands = Object.entries(await below(command))
    if (commands.length > 0)
      return (await Promise.all(commands.map(([name, one]) => visit([...path, name], one)))).reduce((a, b) => a + b, 0)
    const takes = await tableOf(command)
    if (Object.keys(takes).length === 0) return 0
    assert.ok('json' in takes && 'home' in takes, path.join(' '))
    assert.throws(
      () => readWords(takes, ['--hmoe', 'x']),
      /--hmoe is not known here; did you mean --home\?/,
      path.join(' '),
    )
    return 1
  }
  assert.ok((await visit([], tree)) >= 20)
})

test('docs/commands.md is what is read by', async () => {
  assert.equal(readFileSync(commandsPage, 'utf8'), await renderCommands(), 'run: node scripts/commands.ts')
})
