import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { digestOf } from '@heddle/protocol'
import {
  decodeHead,
  decodePositions,
  draw,
  type Head,
  ownSeed,
  type Position,
  promptDigestOf,
  randomAt,
} from '../draw/index.ts'
import { story, tinyEngine, user } from '../testing/tiny-engine.ts'

/** The evidence of an answer, read. */
function opened(leaves: readonly Uint8Array[] | undefined): { head: Head; positions: Position[] } {
  assert.ok(leaves, 'no evidence')
  const head = decodeHead(leaves[0]!)
  return { head, positions: leaves.slice(1).flatMap((leaf, i) => decodePositions(leaf, head, i + 1)) }
}

describe('what an answer was drawn from', { timeout: 230_000 }, () => {
  const { ask } = tinyEngine()

  test('every token can be drawn again, with the job’s seed and with the consumer’s own', async () => {
    for (const own of [undefined, 11]) {
      for (const sampling of [{ temperature: 0 }, { temperature: 0.8 }, { temperature: 1.7, topP: 0.9, topK: 60 }]) {
        const spec = { messages: story, maxCompletion: 70, ...sampling, ...(own === undefined ? {} : { seed: own }) }
        const { last, used } = await ask(spec, 'weft')
        const { head, positions } = opened(last.evidence)
        assert.equal(head.seed, own === undefined ? digestOf('weft') : ownSeed(own))
        assert.equal(head.temperature, Math.round(sampling.temperature * 1_000))
        for (const [i, { candidates, drawn }] of positions.entries()) {
          const random = randomAt(head.seed, head.choice, i)
          assert.equal(draw(candidates, head, random), drawn, `position ${i}`)
        }
        assert.equal(BigInt(positions.length - (head.ended ? 1 : 0)), used.completion)
        assert.equal(BigInt(head.prompt), used.prompt + used.cached)
      }
    }
  })

  test('an answer that ends by itself says so; one that is cut, or ends with a stop text, does not', async () => {
    const whole = await ask({ messages: user('What colour is the sky?'), maxCompletion: 200 })
    assert.equal(whole.last.finish, 'stop')
    assert.equal(opened(whole.last.evidence).head.ended, true)
    const cut = await ask({ messages: story, maxCompletion: 20 })
    assert.equal(cut.last.finish, 'length')
    assert.deepEqual([opened(cut.last.evidence).head.ended, opened(cut.last.evidence).positions.length], [false, 20])
    const stopped = await ask({ messages: story, maxCompletion: 30, stop: [cut.text.slice(20, 24)] })
    const { head, positions } = opened(stopped.last.evidence)
    assert.equal(head.ended, false)
    assert.ok(positions.length >= Number(stopped.used.completion), 'what the stop text cut off was drawn too')
  })

  test('the prompt is bound, and the kind of engine', async () => {
    const [one, same, other] = [
      await ask({ messages: story, maxCompletion: 4 }),
      await ask({ messages: story, maxCompletion: 9 }),
      await ask({ messages: user('Tell me a short story.'), maxCompletion: 4 }),
    ].map(({ last }) => opened(last.evidence).head)
    assert.equal(one!.promptDigest, same!.promptDigest)
    assert.notEqual(one!.promptDigest, other!.promptDigest)
    assert.equal(one!.class, other!.class)
    assert.notEqual(one!.promptDigest, promptDigestOf([]))
  })

  test('where anything but the model has a say in a draw, nothing is claimed', async () => {
    for (const more of [
      { choices: 2 },
      { logitBias: { '300': 1 } },
      { frequencyPenalty: 1 },
      { format: { type: 'json' as const } },
      { topK: 256, temperature: 1 },
    ]) {
      const { last } = await ask({ messages: story, maxCompletion: 12, ...more })
      assert.equal(last.evidence, undefined, JSON.stringify(more))
    }
  })
})
