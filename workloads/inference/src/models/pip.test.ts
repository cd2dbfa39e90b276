import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import { temporary } from '../testing/files.ts'
import { findOnPage, pipIndex, withoutCredentials } from './pip.ts'

test("the index is the one that pip uses: environment, then the user's file", async t => {
  const home = await temporary(t)
  await mkdir(join(home, '.config', 'pip'), { recursive: true })
  const file = join(home, '.config', 'pip', 'pip.conf')
  await writeFile(file, '[global]\ntimeout = 9\nindex-url = https://user.example/simple\n')
  assert.equal(await pipIndex({}, home), 'https://user.example/simple')
  await writeFile(
    file,
    '[install]\nindex_url: https://install.example/simple\n[global]\nindex-url=https://user.example',
  )
  assert.equal(await pipIndex({}, home), 'https://install.example/simple')
  assert.equal(await pipIndex({ PIP_INDEX_URL: 'https://env.example' }, home), 'https://env.example')
  const other = join(home, 'other.conf')
  await writeFile(other, '[global]\nindex-url = https://other.example\n')
  assert.equal(await pipIndex({ PIP_CONFIG_FILE: other }, home), 'https://other.example')
})

test('a file is found on pages of both forms', () => {
  const base = 'https://index.example/simple/thing/'
  const html =
    '<a data-x="1" href="../../files/thing-1.whl#sha256=ab">thing-1.whl</a><a href="/a/thing-1.whl.asc">s</a>'
  assert.equal(findOnPage(html, 'text/html', base, 'thing-1.whl'), 'https://index.example/files/thing-1.whl')
  const json = JSON.stringify({ files: [{ url: 'https://files.example/x/thing-1.whl#sha256=ab' }] })
  const type = 'application/vnd.pypi.simple.v1+json'
  assert.equal(findOnPage(json, type, base, 'thing-1.whl'), 'https://files.example/x/thing-1.whl')
  for (const page of [html, json, '<html>', '{']) {
    for (const kind of ['text/html', type]) {
      assert.throws(
        () => findOnPage(page, kind, base, 'thing-2.whl'),
        error => isHeddleError(error, 'model_unavailable'),
      )
    }
  }
})

test('credentials of an index go into a header, never into a URL', () => {
  const { url, headers } = withoutCredentials('https://me:s%40cret@index.example/simple')
  assert.equal(url, 'https://index.example/simple')
  assert.equal(headers['authorization'], `Basic ${Buffer.from('me:s@cret').toString('base64')}`)
  assert.deepEqual(withoutCredentials('https://index.example/simple').headers, {})
})
