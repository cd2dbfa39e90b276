import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Digest } from '@heddle/protocol'
import { type Asked, digestOfText, jobOf, recorder } from '../testing/fixtures.ts'
import { refusal, story, tinyEngine, user, weather } from '../testing/tiny-engine.ts'
import type { CompletionSpec, Message } from '../workload.ts'

const completion = (prompt: string, more: Partial<CompletionSpec> = {}): CompletionSpec => ({
  task: 'completion',
  prompt,
  maxCompletion: 20,
  temperature: 0,
  topP: 1,
  stop: [],
  ...more,
})

describe('the built-in engine', { timeout: 230_000 }, () => {
  const { ask, count, worker } = tinyEngine()

  test('a text goes on as it is, without a template, and nothing in it is a special token', async () => {
    const { text, used } = await ask(completion('Once upon a time'))
    assert.match(text, /^ there was/)
    assert.equal(used.prompt, (await count(completion('Once upon a time'))).prompt)
    const marks = await count(completion('<|im_start|>'))
    assert.ok(marks.prompt > 4n, 'one special token would be counted as one')
    assert.ok(used.prompt < (await count({ messages: user('Once upon a time') })).prompt)
  })

  test('embeddings have length 1, are the same for the same text, and are counted by their tokens', async () => {
    const asked = { task: 'embedding' as const, input: ['The capital of Norway is Oslo.', 'A cat.', 'A cat.'] }
    const { pieces, used, last } = await ask(asked)
    assert.equal(last.finish, 'stop')
    const vectors = pieces.map(({ embedding }, index) => {
      assert.equal(embedding?.index, index)
      const bytes = Buffer.from(embedding!.data, 'base64')
      return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i))
    })
    assert.deepEqual(
      vectors.map(vector => vector.length),
      [128, 128, 128],
    )
    for (const vector of vectors) assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-5)
    assert.deepEqual(vectors[1], vectors[2])
    assert.notDeepEqual(vectors[0], vectors[1])
    assert.deepEqual(used, await count(asked))
    assert.ok(used.prompt > 10n && used.completion === 0n)
    await assert.rejects(
      ask({ task: 'embedding', input: ['a', 'word '.repeat(2_000)] }),
      refusal('context_exceeded', { param: 'input.1' }),
    )
  })

  test('a count is what a job then uses, and refuses what it would refuse', async () => {
    const specs: Asked[] = [{ messages: story }, { messages: story, tools: [weather] }, { format: { type: 'json' } }]
    for (const asked of specs) {
      const { used } = await ask({ ...asked, maxCompletion: 1 } as Asked)
      assert.deepEqual(await count(asked), { ...used, completion: 0n })
    }
    await assert.rejects(count({ messages: user('word '.repeat(2_000)) }), refusal('context_exceeded', undefined))
  })

  test('what the model cannot do, and what is not served, is refused by name', async () => {
    const image = { type: 'image' as const, media: 'image/png' as const, data: 'AAAA' }
    await assert.rejects(
      ask({ messages: [{ role: 'user', content: [image] }] }),
      refusal('unsupported_by_model', { feature: 'images' }),
    )
    await assert.rejects(ask({ reasoning: 'high' }), refusal('unsupported_by_model', { feature: 'reasoning' }))
    const job = { ...jobOf({}), serves: { name: 'other', digest: digestOfText('other') as Digest } }
    await assert.rejects(
      async () => {
        await worker().execute(job, recorder().context)[Symbol.asyncIterator]().next()
      },
      refusal('model_unknown', undefined),
    )
  })

  test('with a tag the common beginning is remembered, for this tag alone; the answer is the same', async () => {
    const tags = ['aa', 'bb'].map(two => two.repeat(16)) as [string, string]
    const first = await ask({ messages: story, cache: tags[0], maxCompletion: 10 })
    assert.equal(first.used.cached, 0n)
    const again = await ask({ messages: story, cache: tags[0], maxCompletion: 10 })
    assert.deepEqual([again.used.cached, again.used.prompt], [first.used.prompt - 1n, 1n])
    assert.equal(again.text, first.text)
    const longer: Message[] = [...story, { role: 'assistant', content: first.text }, ...user('Go on.')]
    const next = await ask({ messages: longer, cache: tags[0], maxCompletion: 5 })
    assert.ok(next.used.cached >= first.used.prompt && next.used.prompt > 0n)
    for (const cache of [tags[1], undefined]) {
      const other = await ask({ messages: story, ...(cache && { cache }), maxCompletion: 5 })
      assert.deepEqual([other.used.cached, other.used.prompt], [0n, first.used.prompt])
    }
  })

  test('a tag means nothing to another payer: what one asked is never within the reach of the next', async () => {
    const cache = 'dd'.repeat(16)
    await ask({ messages: story, cache, maxCompletion: 5 }, 'seed', 'one payer')
    const other = await ask({ messages: story, cache, maxCompletion: 5 }, 'seed', 'another payer')
    assert.equal(other.used.cached, 0n)
  })

  test('what is kept gives way to jobs: every place is taken, and nothing of a tag is left', async () => {
    const cache = 'cc'.repeat(16)
    await ask({ messages: story, cache, maxCompletion: 5 })
    await Promise.all([1, 2].map(seed => ask({ messages: story, seed, maxCompletion: 120 })))
    assert.equal((await ask({ messages: story, cache, maxCompletion: 5 })).used.cached, 0n)
  })
})
