import assert from 'node:assert/strict'
import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type Digest, digestOf, utf8 } from '@heddle/protocol'
import { temporary } from '../testing/files.ts'
import { startRecordingEngine } from '../testing/recording-engine.ts'
import { findEngines } from './discovery.ts'
import { createEngine, joinWorkers } from './index.ts'
import { isCloudName, isModelName } from './names.ts'
import type { EngineSettings } from './settings.ts'

const quiet = { info() {}, warn() {}, error() {} }
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, 20))
}

/** An Ollama whose models really lie in a folder: manifest and blob, as it stores them. */
async function setup(t: TestContext, settings: Partial<EngineSettings> = {}) {
  const folder = await temporary(t)
  const engine = await startRecordingEngine('ollama')
  t.after(() => engine.stop())
  const blobOf = (digest: Digest) => join(folder, 'blobs', `sha256-${digest.slice(2)}`)
  async function store(name: string, weights: string): Promise<Digest> {
    const digest = digestOf(utf8(weights))
    const layer = { mediaType: 'application/vnd.ollama.image.model', digest: `sha256:${digest.slice(2)}` }
    const manifest = JSON.stringify({ schemaVersion: 2, layers: [layer] })
    const [model, tag] = name.split(':') as [string, string]
    const path = join(folder, 'manifests/registry.ollama.ai/library', model, tag)
    await mkdir(dirname(path), { recursive: true })
    await mkdir(join(folder, 'blobs'), { recursive: true })
    await writeFile(path, manifest)
    await writeFile(blobOf(digest), weights)
    engine.models = [
      ...engine.models.filter(one => one.name !== name && one.name !== 'toy:1b'),
      { name, digest: digestOf(utf8(manifest)).slice(2) },
    ]
    return digest
  }
  const start = async () => {
    const worker = await createEngine({
      kind: 'ollama',
      url: engine.url,
      weights: folder,
      log: quiet,
      patience: { pollMs: 100, freshMs: 0 },
      ...settings,
    })
    t.after(() => worker.stop())
    return worker
  }
  return { engine, store, start, blobOf }
}

test("a model's digest is of its weights' own bytes", async t => {
  const { store, start } = await setup(t)
  const digest = await store('loom:1b', 'weights of a loom')
  const [served] = (await start()).serves()
  assert.deepEqual([served?.name, served?.digest, served?.quantization], ['loom:1b', digest, 'Q4_0'])
  assert.doesNotMatch(served!.engine.build, /unpinned/)
})

test('weights that cannot be read are said to be unpinned', async t => {
  const engine = await startRecordingEngine('ollama')
  t.after(() => engine.stop())
  const worker = await createEngine({ kind: 'ollama', url: engine.url, weights: '/nowhere', log: quiet })
  t.after(() => worker.stop())
  assert.match(worker.serves()[0]!.engine.build, /unpinned/)
  assert.equal(worker.serves()[0]!.digest, `0x${'ab'.repeat(32)}`)
})

test('a model that is pulled anew under its old name is withdrawn, and back when its weights are', async t => {
  const { store, start } = await setup(t)
  const good = await store('loom:1b', 'good weights')
  const worker = await start()
  await store('loom:1b', 'poisoned weights')
  await until(() => worker.serves().length === 0)
  assert.equal(worker.ready(good), false)
  assert.match(String(worker.status()['withdrawn']), /loom:1b/)
  await store('loom:1b', 'good weights')
  await until(() => worker.ready(good))
})

test('a blob that is altered in place is not served, whatever it is called', async t => {
  const { store, start, blobOf } = await setup(t)
  const digest = await store('loom:1b', 'good weights')
  const worker = await start()
  await appendFile(blobOf(digest), ' and a little poison')
  await until(() => worker.serves().length === 0)
})

test('with a list of digests nothing else is ever served', async t => {
  const allow = [digestOf(utf8('weights a'))]
  const { store, start } = await setup(t, { allow })
  await store('a:1', 'weights a')
  await store('b:1', 'weights b')
  assert.deepEqual(
    (await start()).serves().map(one => one.name),
    ['a:1'],
  )
})

test("cloud models and names that are not plain are never served, nor is anything under a cloud model's name", async t => {
  const engine = await startRecordingEngine('ollama')
  t.after(() => engine.stop())
  const digest = 'cd'.repeat(32)
  engine.models.push(
    { name: 'gpt-oss:120b-cloud', digest },
    { name: 'kimi:cloud', digest },
    { name: 'sly:1b', digest, remote: true },
    { name: 'tоy:1b', digest },
    { name: 'toy​:1b', digest },
    { name: '../../etc/passwd', digest },
  )
  const worker = await createEngine({ kind: 'ollama', url: engine.url, weights: '/nowhere', log: quiet })
  t.after(() => worker.stop())
  assert.deepEqual(
    worker.serves().map(one => one.name),
    ['toy:1b'],
  )
  assert.match(String(worker.status()['cloud']), /OLLAMA_NO_CLOUD=1/)
  assert.match(String(worker.status()['gpu']), /runs on the CPU/)
})

test('names', () => {
  for (const name of ['llama3.2:1b', 'library/x', 'hf.co/a/b-GGUF:Q4_K_M', 'a']) assert.ok(isModelName(name), name)
  for (const name of [
    '',
    '..',
    'a/../b',
    'a:b:c',
    '/a',
    'a/',
    'a b',
    'ａ',
    'a\u202e',
    'a\n',
    '-a',
    'x'.repeat(129),
    'a..b',
  ])
    assert.ok(!isModelName(name), name)
  assert.ok(isCloudName('gpt-oss:20b-cloud') && isCloudName('kimi:CLOUD') && !isCloudName('cloudy:1b'))
})

test('engines that run are found by what they say, not by where they listen', async t => {
  const kinds = ['ollama', 'llama-server', 'vllm', 'openai'] as const
  const engines = await Promise.all(kinds.map(kind => startRecordingEngine(kind)))
  t.after(() => Promise.all(engines.map(engine => engine.stop())))
  const free = await startRecordingEngine('openai')
  await free.stop()
  const found = await findEngines([...engines, free].map(engine => engine.url))
  assert.deepEqual(
    found.map(one => one.kind),
    [...kinds],
  )
  for (const engine of engines) assert.ok(engine.requests.every(request => request.method === 'GET'))
})

test('several engines are one worker: each job goes to who serves its weights', async t => {
  const a = await startRecordingEngine('vllm', { tokens: ['from a'] })
  const b = await startRecordingEngine('vllm', { tokens: ['from b'] })
  t.after(() => Promise.all([a.stop(), b.stop()]))
  b.models = [{ name: 'other', digest: '' }]
  const start = (url: string) => createEngine({ kind: 'vllm', url, log: quiet })
  const joined = joinWorkers([await start(a.url), await start(b.url)])
  t.after(() => joined.stop())
  for (const [i, text] of ['from a', 'from b'].entries()) {
    let said = ''
    const spec = { task: 'completion', prompt: 'x', maxCompletion: 9, temperature: 0, topP: 1, stop: [] } as const
    const job = {
      id: digestOf(utf8('job')),
      spec: { ...spec, stop: [] },
      seed: digestOf(utf8('seed')),
      scope: 'payer',
      serves: joined.serves()[i]!,
      input: (async function* () {})(),
    }
    const signal = new AbortController().signal
    const deliver = ({ bytes }: { bytes: Uint8Array }) => {
      said += Buffer.from(bytes).toString()
    }
    for await (const _ of joined.execute(job, { signal, clock: Date, log: quiet, deliver }));
    assert.equal(said, text)
  }
})
