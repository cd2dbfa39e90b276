import assert from 'node:assert/strict'
import { truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import fc from 'fast-check'
import { temporary, zipOf } from '../testing/files.ts'
import { readZipMember } from './zip.ts'

test('any member of any zip comes out as it went in', async t => {
  const path = join(await temporary(t), 'any.zip')
  const member = fc.record({
    name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
    bytes: fc.uint8Array({ maxLength: 2000 }).map(bytes => Buffer.from(bytes)),
    stored: fc.boolean(),
  })
  const members = fc.uniqueArray(member, { selector: it => it.name, minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(members, fc.string({ maxLength: 30 }), async (all, comment) => {
      await writeFile(path, zipOf(all, comment))
      for (const { name, bytes } of all) {
        const { bytes: length, stream } = await readZipMember(path, name)
        assert.equal(length, bytes.length)
        assert.deepEqual(await buffer(stream), bytes)
      }
    }),
    { numRuns: 40 },
  )
})

test('what is no zip, has no such member or ends early is refused', async t => {
  const path = join(await temporary(t), 'bad.zip')
  const refused = (what: string) =>
    assert.rejects(
      async () => buffer((await readZipMember(path, 'a')).stream),
      error => isHeddleError(error, 'model_digest'),
      what,
    )
  await writeFile(path, 'no zip at all, but long enough to look for one')
  await refused('no zip')
  await writeFile(path, zipOf([{ name: 'b', bytes: Buffer.from('b') }]))
  await refused('no such member')
  const whole = zipOf([{ name: 'a', bytes: Buffer.alloc(5000, 'a'), stored: true }])
  await writeFile(path, whole)
  await truncate(path, whole.length - 100)
  await refused('cut off')
  await writeFile(path, '')
  await refused('empty')
})

test('a member that inflates to more than it promised is cut off', async t => {
  const path = join(await temporary(t), 'bomb.zip')
  const zip = zipOf([{ name: 'a', bytes: Buffer.alloc(1_000_000) }])
  zip.writeUInt32LE(10, zip.indexOf('PK\x01\x02') + 24)
  await writeFile(path, zip)
  const { stream } = await readZipMember(path, 'a')
  await assert.rejects(buffer(stream), error => isHeddleError(error, 'model_digest'))
})
