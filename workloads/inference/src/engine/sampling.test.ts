import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { refusal, story, tinyEngine } from '../testing/tiny-engine.ts'
import { CHUNK_TOKENS, type ChatSpec, type Piece } from '../workload.ts'

const textOfChoice = (pieces: readonly Piece[], choice: number) =>
  pieces.map(piece => ((piece.choice ?? 0) === choice ? (piece.text ?? '') : '')).join('')

describe('what is drawn', { timeout: 230_000 }, () => {
  const { ask } = tinyEngine()

  test('several choices are the answers of consecutive seeds, and their tokens add up, 64 a chunk', async () => {
    const spec = { messages: story, temperature: 1, maxCompletion: 50 }
    const alone = []
    for (const seed of [7, 8, 9]) alone.push(await ask({ ...spec, seed }))
    const { pieces, used, last, chunks } = await ask({ ...spec, seed: 7, choices: 3 })
    assert.deepEqual(
      [0, 1, 2].map(choice => textOfChoice(pieces, choice)),
      alone.map(({ text }) => text),
    )
    const tokens = alone.reduce((sum, one) => sum + one.used.completion, 0n)
    assert.deepEqual(used, { prompt: alone[0]!.used.prompt, cached: 0n, completion: tokens })
    assert.deepEqual(
      pieces.filter(piece => piece.finish).map(({ choice = 0, finish }) => [choice, finish]),
      alone.map((one, choice) => [choice, one.last.finish]),
    )
    assert.equal(last.finish, alone.some(one => one.last.finish === 'length') ? 'length' : 'stop')
    let before = 0n
    for (const chunk of chunks) {
      assert.ok(chunk.used.completion - before <= BigInt(CHUNK_TOKENS))
      before = chunk.used.completion
    }
  })

  test("the consumer's seed goes before the job's", async () => {
    const spec = { messages: story, temperature: 1, maxCompletion: 30 }
    assert.equal((await ask({ ...spec, seed: 5 }, 'a')).text, (await ask({ ...spec, seed: 5 }, 'b')).text)
    assert.notEqual((await ask({ ...spec, seed: 5 })).text, (await ask({ ...spec, seed: 6 })).text)
  })

  test('topK 1 is greedy at any temperature', async () => {
    const spec = { messages: story, maxCompletion: 30 }
    assert.equal((await ask({ ...spec, temperature: 2, topK: 1 })).text, (await ask({ ...spec, temperature: 0 })).text)
  })

  test('a bias is added to a logit: enough of it is the whole answer, and takes it away', async () => {
    const { text } = await ask({ messages: story, logitBias: { '300': 100 }, maxCompletion: 8 })
    assert.equal(text, text.slice(0, text.length / 8).repeat(8))
    const without = await ask({ messages: story, logitBias: { '300': -100 }, temperature: 2, maxCompletion: 40 })
    assert.ok(!without.text.includes(text.slice(0, text.length / 8)))
    await assert.rejects(ask({ logitBias: { '999999': 1 } }), refusal('bad_request', { param: 'logitBias.999999' }))
  })

  test('penalties are subtracted from the logits of what the answer has already: by once, and by each time', async () => {
    // Always the one token, far above another; what lies between their logits shows what was subtracted.
    const spec = { messages: story, logitBias: { '300': 80, '301': 30 }, logprobs: 2, maxCompletion: 6 }
    const gaps = async (penalties: Partial<ChatSpec>) => {
      const { pieces } = await ask({ ...spec, ...penalties })
      const told = pieces.flatMap(piece => piece.logprobs ?? [])
      assert.deepEqual(new Set(told.map(one => one.token)).size, 1)
      return told.map(({ top: [first, second] }) => first!.logprob - second!.logprob)
    }
    const plain = await gaps({})
    const penalised = await gaps({ frequencyPenalty: 1.5, presencePenalty: 2 })
    for (const [position, gap] of penalised.entries()) {
      const expected = plain[position]! - 1.5 * position - (position > 0 ? 2 : 0)
      assert.ok(Math.abs(gap - expected) < 2.1e-3, `${gap} at ${position}, not ${expected}`)
    }
  })

  test('log-probabilities are of the whole vocabulary, of the tokens that make the text', async () => {
    const spec = { messages: story, maxCompletion: 20 }
    const greedy = await ask({ ...spec, logprobs: 20 })
    const told = greedy.pieces.flatMap(piece => piece.logprobs ?? [])
    assert.equal(greedy.text, (await ask(spec)).text)
    assert.equal(told.length, 20)
    assert.equal(told.map(one => one.token).join(''), greedy.text)
    for (const { top, ...drawn } of told) {
      assert.deepEqual(top[0], drawn)
      const share = top.reduce((sum, { logprob }) => sum + Math.exp(logprob), 0)
      assert.ok(top.length === 20 && share > 0.3 && share < 1.000_6, `${share}`)
      assert.deepEqual(Buffer.from(drawn.bytes!).toString(), drawn.token)
    }
    const warm = { ...spec, temperature: 1.5, logprobs: 0, seed: 3 }
    const [a, b, c] = [await ask(warm), await ask(warm), await ask({ ...warm, seed: 4 })]
    assert.equal(a.text, b.text)
    assert.notEqual(a.text, c.text)
    assert.ok(a.pieces.every(piece => piece.logprobs?.every(one => one.top.length === 0 && one.logprob <= 0) ?? true))
  })

  test('log-probabilities leave with their text, also where a stop string cuts it', async () => {
    const whole = await ask({ messages: story, maxCompletion: 30 })
    const stop = whole.text.slice(20, 24)
    const { text, pieces } = await ask({ messages: story, maxCompletion: 30, stop: [stop], logprobs: 1 })
    const tokens = pieces.flatMap(piece => piece.logprobs ?? []).map(one => one.token)
    assert.ok(tokens.join('').startsWith(text) && !tokens.slice(0, -1).join('').includes(stop))
  })
})
