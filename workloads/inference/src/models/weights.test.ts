import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import { temporary } from '../testing/files.ts'
import { tiny } from './catalogue.ts'
import { assertWeights, digestOfFile, digestOfWeights } from './weights.ts'

const sha256 = (text: string) => `0x${createHash('sha256').update(text).digest('hex')}`

test('a digest is computed from bytes, remembered, and computed again when the file changes', async t => {
  const directory = await temporary(t)
  const path = join(directory, 'weights.gguf')
  await writeFile(path, 'one')
  assert.equal(await digestOfWeights(path, directory), sha256('one'))
  const memory = join(directory, 'digests.json')
  const remembered = JSON.parse(await readFile(memory, 'utf8'))
  // What is remembered is used: only a change of the file makes it read again.
  remembered[path].digest = sha256('marked')
  await writeFile(memory, JSON.stringify(remembered))
  assert.equal(await digestOfWeights(path, directory), sha256('marked'))
  await writeFile(path, 'two')
  assert.equal(await digestOfWeights(path, directory), sha256('two'))
})

test('a broken memory costs a reading, nothing else', async t => {
  const directory = await temporary(t)
  const path = join(directory, 'weights.gguf')
  await writeFile(path, 'one')
  await writeFile(join(directory, 'digests.json'), '{"broken')
  assert.equal(await digestOfWeights(path, directory), sha256('one'))
})

test('other weights, or none, are refused', async t => {
  const directory = await temporary(t)
  const path = join(directory, 'weights.gguf')
  await assert.rejects(assertWeights({ path, digest: '0x00' }), error => isHeddleError(error, 'model_unavailable'))
  await writeFile(path, 'one')
  await assert.rejects(assertWeights({ path, digest: '0x00' }), error => isHeddleError(error, 'model_digest'))
})

test('the committed tiny model is the catalogued one', async () => {
  const [source] = tiny.sources
  assert.equal(source?.kind, 'bundled')
  assert.equal(await digestOfFile(source.path), tiny.digest)
})
