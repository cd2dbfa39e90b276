import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import { openKeystore } from './keystore.ts'

const names = ['payer', 'authorizer'] as const

function setup(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-keystore-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const file = join(directory, 'home', 'keys.json')
  const open = (changes: { passphrase?: string; devnet?: boolean; names?: readonly string[] } = {}) =>
    openKeystore({ file, passphrase: 'correct horse', names, devnet: true, ...changes }) as Record<string, Uint8Array>
  return { file, open }
}

const locked = (error: unknown): boolean => isHeddleError(error, 'keystore_locked')

test('keys are made once, and are the same ever after', t => {
  const { file, open } = setup(t)
  const made = open()
  assert.deepEqual(Object.keys(made), [...names])
  for (const key of Object.values(made)) assert.equal(key.length, 32)
  assert.notDeepEqual(made['payer'], made['authorizer'])
  const text = readFileSync(file, 'utf8')
  assert.deepEqual(open(), made)
  assert.equal(readFileSync(file, 'utf8'), text)
})

test('the file is for its owner only, and holds no key as it is', t => {
  const { file, open } = setup(t)
  const made = open()
  if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600)
  const text = readFileSync(file, 'utf8')
  for (const key of Object.values(made)) assert.ok(!text.includes(Buffer.from(key).toString('hex')))
  assert.ok(!existsSync(`${file}.new`))
})

test('a name that is new gets a key; the others keep theirs', t => {
  const { open } = setup(t)
  const made = open()
  const more = open({ names: [...names, 'gas'] })
  assert.deepEqual([more['payer'], more['authorizer']], [made['payer'], made['authorizer']])
  assert.equal(more['gas']?.length, 32)
  assert.deepEqual(open(), made)
})

test('a wrong passphrase opens nothing and changes nothing, also when a key would be added', t => {
  const { file, open } = setup(t)
  const made = open()
  const text = readFileSync(file, 'utf8')
  for (const passphrase of ['wrong', '', 'correct horse ']) {
    assert.throws(() => open({ passphrase }), locked)
    assert.throws(() => open({ passphrase, names: ['gas'] }), locked)
    assert.throws(() => open({ passphrase, names: [...names, 'gas'] }), locked)
  }
  assert.equal(readFileSync(file, 'utf8'), text)
  assert.deepEqual(open(), made)
})

test('an altered key, or one that was given another name, does not open', t => {
  const { file, open } = setup(t)
  open()
  const stored = JSON.parse(readFileSync(file, 'utf8')) as { keys: Record<string, { secret: string }> }
  const { payer, authorizer } = stored.keys as { payer: { secret: string }; authorizer: { secret: string } }
  for (const keys of [
    { payer: authorizer, authorizer: payer },
    { payer: { ...payer, secret: payer.secret.replace(/^./, digit => (digit === '0' ? '1' : '0')) }, authorizer },
    { payer: { ...payer, secret: authorizer.secret }, authorizer },
  ]) {
    writeFileSync(file, JSON.stringify({ ...stored, keys }))
    assert.throws(() => open(), locked)
  }
})

test('keys of a devnet are refused elsewhere; real keys work on a devnet too', t => {
  const development = setup(t)
  development.open({ devnet: true })
  assert.throws(
    () => development.open({ devnet: false }),
    error => isHeddleError(error, 'dev_key_refused'),
  )
  const real = setup(t)
  assert.deepEqual(real.open({ devnet: false }), real.open({ devnet: true }))
})
