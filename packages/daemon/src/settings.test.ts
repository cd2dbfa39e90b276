import assert from 'node:assert/strict'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import { homeSetting, required, setting } from './settings.ts'

const env = 'HEDDLE_TEST_SETTING'
afterEach(() => {
  delete process.env[env]
  delete process.env['HEDDLE_HOME']
})
const invalid = (error: unknown): boolean => isHeddleError(error, 'setting_invalid')

test('the flag wins, then the environment, then the default', () => {
  assert.equal(setting('--x', { env, fallback: 'default' }), 'default')
  process.env[env] = 'environment'
  assert.equal(setting('--x', { env, fallback: 'default' }), 'environment')
  assert.equal(setting('--x', { flag: 'flag', env, fallback: 'default' }), 'flag')
})

test('an empty setting is refused, and named by its flag and its variable', () => {
  process.env[env] = ' '
  assert.throws(
    () => setting('--x', { env, fallback: 'default' }),
    error => invalid(error) && /--x/.test((error as Error).message) && (error as Error).message.includes(env),
  )
  assert.throws(() => setting('--x', { flag: '', env, fallback: 'default' }), invalid)
})

test('a home is an absolute path, by default in the home of the user', () => {
  assert.equal(homeSetting(), join(homedir(), '.heddle'))
  process.env['HEDDLE_HOME'] = 'here'
  assert.equal(homeSetting(), resolve('here'))
  assert.equal(homeSetting('there'), resolve('there'))
})

test('a required variable that is not there is named', () => {
  assert.throws(
    () => required(env),
    error => invalid(error) && (error as Error).message.includes(env),
  )
  process.env[env] = ''
  assert.throws(() => required(env), invalid)
  process.env[env] = 'there'
  assert.equal(required(env), 'there')
})
