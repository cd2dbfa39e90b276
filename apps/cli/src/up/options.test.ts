import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import { renderSettings, settingsPage } from '../../../../scripts/settings.ts'
import { argumentsOf, asDuration, duration, type Option, port, readOptions } from './option.ts'
import { options } from './options.ts'
import { readSettings, settingsFile } from './settings.ts'

const table: Readonly<Record<string, Option<unknown>>> = options

test('every option has a variable of its own, and a flag of its own where it is no secret', () => {
  const all = Object.values(table)
  assert.equal(new Set(all.map(({ env }) => env)).size, all.length)
  const flags = all.flatMap(({ flag }) => flag ?? [])
  assert.equal(new Set(flags).size, flags.length)
  for (const { env, flag, says } of all) {
    assert.match(env, /^HEDDLE_[A-Z_]+$/)
    assert.match(flag ?? 'x', /^[a-z-]+$/)
    assert.match(says, /[^.]$/)
  }
})

test('what holds unless somebody says otherwise can be read, and needs nobody', () => {
  const settings = readOptions(options, {})
  assert.equal(settings.port, 8402)
  assert.equal(settings.firstByte, 30_000)
  assert.deepEqual(settings.buyFrom, [])
  assert.equal(settings.sell, false)
  assert.equal(settings.model, undefined)
})

test('the flag counts before the variable, the variable before the file', t => {
  const home = mkdtempSync(join(tmpdir(), 'heddle-settings-'))
  t.after(() => rmSync(home, { recursive: true, force: true }))
  writeFileSync(
    settingsFile(home),
    '{"port": 1, "buy-from": ["http://a", "http://b"], "sell": true, "first-byte": "2m"}',
  )
  const told = readSettings(home, { port: '3' }, { HEDDLE_PORT: '2', HEDDLE_SELL: '0' })
  assert.equal(told.port, 3)
  assert.equal(told.sell, false)
  assert.deepEqual(told.buyFrom, ['http://a', 'http://b'])
  assert.equal(told.firstByte, 120_000)
  assert.equal(readSettings(home, {}, { HEDDLE_PORT: '2' }).port, 2)
  assert.equal(readSettings(home, {}, {}).port, 1)
  assert.equal(readSettings(home, { sell: false }, {}).sell, false)
})

test('what is not understood is refused by name', t => {
  const home = mkdtempSync(join(tmpdir(), 'heddle-settings-'))
  t.after(() => rmSync(home, { recursive: true, force: true }))
  const refused = (name: RegExp, flags: Record<string, string>, file = '{}'): void => {
    writeFileSync(settingsFile(home), file)
    assert.throws(
      () => readSettings(home, flags, {}),
      error => isHeddleError(error, 'setting_invalid') && name.test(error.message),
      `${JSON.stringify(flags)} ${file}`,
    )
  }
  for (const text of ['', ' ', '-1', '65536', '1e3', 'x']) refused(/--port \(HEDDLE_PORT\)/, { port: text })
  for (const text of ['17', '-1', '1.5']) refused(/--providers/, { providers: text })
  for (const text of ['1d', '0', '25h', 'soon', '-3s']) refused(/--first-byte/, { 'first-byte': text })
  refused(/--engine .*auto, none/, { engine: 'warp-drive' })
  refused(/--buy-from.*"somewhere"/, { 'buy-from': 'http://a,somewhere' })
  refused(/"prot" is no setting/, {}, '{"prot": 1}')
  refused(/"HEDDLE_PASSPHRASE" is no setting/, {}, '{"HEDDLE_PASSPHRASE": "x"}')
  refused(/settings\.json/, {}, '[1]')
  refused(/settings\.json/, {}, '{')
  refused(/settings\.json: port/, {}, '{"port": {"x": 1}}')
})

test('a time is written as it is read', () => {
  for (const milliseconds of [1, 999, 1_000, 1_500, 30_000, 90_000, 60_000, 3_600_000])
    assert.equal(duration(0, 1e9)(asDuration(milliseconds), 'x'), milliseconds)
  assert.equal(duration(0, 1e9)('0.5', 'x'), 500)
})

test('the command line and docs/settings.md show all of it', () => {
  const flags = Object.values(table).flatMap(({ flag }) => flag ?? [])
  assert.deepEqual(Object.keys(argumentsOf(table)), flags)
  assert.equal(readFileSync(settingsPage, 'utf8'), renderSettings(), 'run: node scripts/settings.ts')
})

test('a port is a whole number from 0 to 65535', () => {
  for (const number of [0, 1, 8402, 65_535]) assert.equal(port(String(number), '--port'), number)
  for (const text of ['', ' ', '-1', '65536', '99999', '1.5', '1e3', '0x10', '80 ', ' 80', '８０', 'http', '100000'])
    assert.throws(
      () => port(text, '--port'),
      error => isHeddleError(error, 'setting_invalid'),
      JSON.stringify(text),
    )
})
