import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { keepLikeliest, MOST_BELOW } from '../draw/index.ts'
import { chooseDepth } from './choose.ts'
import { distanceAt, type PositionDistance } from './distance.ts'
import { judgeDistances } from './judge.ts'
import { farthest, statisticsOf, WINDOW } from './statistics.ts'

/** What the weights give, likeliest first. */
const logitsOf = fc
  .uniqueArray(fc.integer({ min: 0, max: 999 }), { minLength: 20, maxLength: 40 })
  .chain(tokens =>
    fc
      .array(fc.double({ min: -12, max: 12, noNaN: true }), { minLength: tokens.length, maxLength: tokens.length })
      .map(logits => ({ tokens, logits: logits.sort((a, b) => b - a) })),
  )

const TOP = 8
const told = ({ tokens, logits }: { tokens: number[]; logits: number[] }, scale = 1, topK = TOP) =>
  keepLikeliest(
    tokens.map((token, i) => ({ token, logprob: (logits[i]! - logits[0]!) * scale })),
    topK,
  )

describe('the distance of a position', () => {
  test('is nothing but rounding where what is told is what the weights give', () => {
    fc.assert(
      fc.property(logitsOf, likeliest => {
        const { maximum, mean } = distanceAt({ candidates: told(likeliest), drawn: 0 }, TOP, likeliest)
        assert.ok(maximum <= 1.001 && mean <= 1.001, `${maximum}`)
      }),
    )
  })

  test('only differences count: all log-probabilities may be lower by the same', () => {
    fc.assert(
      fc.property(logitsOf, fc.integer({ min: 0, max: 50_000 }), (likeliest, lower) => {
        const candidates = told(likeliest)
        const shifted = candidates.map(({ token, logprob }) => ({ token, logprob: logprob - lower }))
        const of = (list: typeof candidates) => distanceAt({ candidates: list, drawn: 0 }, TOP, likeliest)
        assert.deepEqual(of(shifted), of(candidates))
      }),
    )
  })

  test('a candidate told by d more or less is d away, and the drawn one is named', () => {
    const likeliest = { tokens: [4, 9, 2], logits: [8, 7.5, 1] }
    const candidates = [
      { token: 4, logprob: 0 },
      { token: 9, logprob: -300 },
      { token: 2, logprob: -7_000 },
    ]
    const { maximum, oddity, token } = distanceAt({ candidates, drawn: 1 }, 3, likeliest)
    assert.deepEqual([maximum, oddity, token], [200, 'drawn', 9])
  })

  test('a likely token that is left out is hidden, by as much as it should have been above the last', () => {
    const likeliest = { tokens: [4, 9, 2], logits: [8, 7.5, 1] }
    const full = [
      { token: 4, logprob: 0 },
      { token: 2, logprob: -7_000 },
    ]
    const hidden = distanceAt({ candidates: full, drawn: 0 }, 2, likeliest)
    assert.deepEqual([hidden.maximum, hidden.oddity, hidden.token], [6_500, 'hidden', 9])
    const alone = distanceAt({ candidates: full.slice(0, 1), drawn: 0 }, 2, likeliest)
    assert.deepEqual([alone.maximum, alone.oddity], [MOST_BELOW - 500, 'hidden'])
  })

  test('a token that the reference does not know as likely is as far as it is told above the last', () => {
    const likeliest = { tokens: [4, 9], logits: [8, -1] }
    const candidates = [
      { token: 4, logprob: 0 },
      { token: 77, logprob: -100 },
    ]
    const { maximum, oddity } = distanceAt({ candidates, drawn: 1 }, 2, likeliest)
    assert.deepEqual([maximum, oddity], [8_900, 'drawn'])
  })
})

const at = (mean: number, maximum = mean): PositionDistance => ({ mean, maximum, oddity: 'candidate', token: 0 })

describe('the statistics of an answer', () => {
  test('the mean is below the tail, the tail below the worst mean; all below the maximum', () => {
    const distances = fc.array(fc.double({ min: 0, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 100 })
    fc.assert(
      fc.property(distances, means => {
        const { maximum, tail, mean } = statisticsOf(means.map(one => at(one)))
        const most = Math.max(...means)
        assert.equal(maximum, most)
        assert.ok(tail <= most + 1e-6)
        if (means.length % WINDOW === 0 || means.length < WINDOW) assert.ok(mean <= tail + 1e-6)
      }),
    )
  })

  test('sixteen bad positions in a row are a tail, wherever they lie', () => {
    for (const start of [0, 13, 48]) {
      const all = Array.from({ length: 64 }, (_, i) => at(i >= start && i < start + WINDOW ? 10 : 0))
      const { tail, mean } = statisticsOf(all)
      assert.ok(Math.abs(tail - 10) < 1e-9)
      assert.equal(mean, 2.5)
    }
    assert.deepEqual(statisticsOf([]), { maximum: 0, tail: 0, mean: 0 })
  })

  test('the statistic that speaks is the one furthest above its threshold', () => {
    const thresholds = { maximum: 100, tail: 10, mean: 5 }
    assert.equal(farthest({ maximum: 150, tail: 5, mean: 1 }, thresholds), 'maximum')
    assert.equal(farthest({ maximum: 150, tail: 50, mean: 6 }, thresholds), 'tail')
  })

  test('a longer answer has as many times the false-positive rate as it has spans', () => {
    const engine = { thresholds: { maximum: 4, tail: 2, mean: 2 }, falsePositiveRate: 0.001 }
    const of = (length: number, distance: number) =>
      judgeDistances(
        Array.from({ length }, () => at(distance)),
        engine,
        64,
      )
    assert.equal(of(64, 0).falsePositiveRate, 0.001)
    assert.equal(of(65, 9).falsePositiveRate, 0.002)
    assert.equal(of(65, 9).verdict, 'dishonest')
    assert.equal(of(65, 1).verdict, 'honest')
    assert.equal(of(1_000_000, 1).falsePositiveRate, 1)
  })
})

describe('how much is looked at', () => {
  const anyLooking = fc.record({
    whole: fc.double({ min: 0.01, max: 1, noNaN: true }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
    least: fc.integer({ min: 1, max: 64 }),
  })

  test('is all of the answer, or a part of it that is not below the least', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 300 }),
        anyLooking,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (count, looking, draw) => {
          const depth = chooseDepth(count, looking, below => Math.min(below - 1, Math.floor(draw * below)))
          const part = Math.min(count, Math.max(looking.least, Math.ceil(looking.part * count)))
          assert.ok(depth === count || depth === part)
          assert.ok(draw >= looking.whole - 1e-5 || depth === count, 'the whole, as often as it is said')
        },
      ),
    )
  })

  test('is the whole in just the share of checks that is said', () => {
    const looking = { whole: 0.5, part: 0.25, least: 16 }
    const drawn = Array.from({ length: 3_000 }, (_, i) =>
      chooseDepth(100, looking, below => Math.floor((i / 3_000) * below)),
    )
    assert.equal(drawn.filter(depth => depth === 100).length, 1_500)
    assert.equal(drawn.filter(depth => depth === 25).length, 1_500)
  })
})
