import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { digestOf, isHeddleError, upperRate, wilson } from '@heddle/protocol'
import fc from 'fast-check'
import { classOf } from '../draw/index.ts'
import {
  type Calibration,
  caughtWithin,
  chooseThresholds,
  detectionOf,
  distributionOf,
  distributionsOf,
  engineOf,
  type HonestAnswer,
  isAbove,
  isSeparable,
  readCalibration,
  writeCalibration,
} from './calibration.ts'
import type { Statistics } from './statistics.ts'

const own = { build: 'b1', hardware: 'x64 AVX2', quantization: 'q8_0' }
const heldOut = (answers: readonly Statistics[]): HonestAnswer[] =>
  answers.map((one, i) => ({ ...one, heldOut: i % 2 === 1 }))
const found = fc.record({
  maximum: fc.double({ min: 0, max: 1e4, noNaN: true }),
  tail: fc.double({ min: 0, max: 1e4, noNaN: true }),
  mean: fc.double({ min: 0, max: 1e4, noNaN: true }),
})

function setup(answers: readonly Statistics[] = [{ maximum: 1, tail: 0.5, mean: 0.2 }]): Calibration {
  return {
    version: 'calibration/2',
    model: { name: 'tiny', digest: digestOf('weights') },
    reference: own,
    looking: { whole: 0.5, part: 0.25, least: 16, span: 64 },
    shortest: 16,
    engines: [
      {
        engine: own,
        conditions: [{ name: 'alone', answers: answers.length }],
        honest: distributionsOf(answers),
        ...chooseThresholds(heldOut(answers), 3),
      },
    ],
    others: [],
  }
}

describe('a calibration', () => {
  test('is written and read back, whatever was measured', () => {
    fc.assert(
      fc.property(fc.array(found, { maxLength: 40 }), answers => {
        const { thresholds } = chooseThresholds(heldOut(answers), 3)
        const others = [detectionOf({ name: 'q4', digest: digestOf('q4') }, [...answers, 'other tokens'], thresholds)]
        const calibration = { ...setup(answers), others }
        assert.deepEqual(readCalibration(writeCalibration(calibration)), calibration)
      }),
    )
  })

  test('a file that is anything else is refused, with the field', () => {
    const file = JSON.parse(writeCalibration(setup())) as Record<string, unknown>
    const cases: [unknown, RegExp][] = [
      [{ ...file, extra: 1 }, /extra/],
      [{ ...file, version: 'calibration/1' }, /version/],
      [{ ...file, engines: [] }, /engines/],
      [{ ...file, shortest: 0 }, /shortest/],
      [{ ...file, model: { name: 'x', digest: '0x12' } }, /model.digest/],
      [{ ...file, looking: { whole: 0, part: 0.25, least: 16, span: 64 } }, /looking.whole/],
    ]
    for (const [json, field] of cases)
      assert.throws(
        () => readCalibration(JSON.stringify(json)),
        error => isHeddleError(error, 'setting_invalid') && field.test(error.message),
        String(field),
      )
    assert.throws(() => readCalibration('{'), /not JSON/)
    assert.throws(() => readCalibration(' '.repeat(1 << 21)), /too long/)
  })

  test('holds for the class of engine and of reference that it was made with, and for no other', () => {
    const calibration = setup()
    const other = { ...own, hardware: 'x64 AVX512' }
    assert.equal(engineOf(calibration, own, classOf(own)), calibration.engines[0])
    assert.equal(engineOf(calibration, own, classOf(other)), undefined)
    assert.equal(engineOf(calibration, other, classOf(own)), undefined)
  })
})

describe('thresholds', () => {
  test('no answer that they were chosen on is above them, and false positives are those of the other half', () => {
    fc.assert(
      fc.property(
        fc.array(found, { minLength: 1, maxLength: 60 }),
        fc.double({ min: 1.01, max: 4, noNaN: true }),
        (all, margin) => {
          const { thresholds, chosenOn, testedOn, falsePositives, falsePositiveRate } = chooseThresholds(
            heldOut(all),
            margin,
          )
          assert.equal(chosenOn + testedOn, all.length)
          assert.ok(all.filter((_, i) => i % 2 === 0).every(one => !isAbove(one, thresholds)))
          assert.equal(falsePositives, all.filter((one, i) => i % 2 === 1 && isAbove(one, thresholds)).length)
          assert.ok(falsePositiveRate >= falsePositives / Math.max(1, testedOn))
        },
      ),
    )
  })

  test('what rounding alone makes is never above them', () => {
    const { thresholds } = chooseThresholds(heldOut([{ maximum: 0, tail: 0, mean: 0 }]), 3)
    assert.equal(isAbove({ maximum: 1, tail: 1, mean: 1 }, thresholds), false)
    assert.equal(isAbove({ maximum: 5, tail: 0, mean: 0 }, thresholds), true)
  })

  test('other weights are caught by any statistic; with other tokens always', () => {
    const { thresholds } = chooseThresholds(heldOut([{ maximum: 10, tail: 5, mean: 2 }]), 2)
    const near = { maximum: 1, tail: 1, mean: 1 }
    const all = [near, { ...near, mean: 5 }, { ...near, tail: 11 }, { ...near, maximum: 21 }, 'other tokens' as const]
    const detection = detectionOf({ name: 'q4', digest: digestOf('q4') }, all, thresholds)
    assert.deepEqual([detection.caught, detection.answers], [4, 5])
    assert.equal(isSeparable(detection), false)
    assert.equal(isSeparable({ low: 1 }), true)
  })
})

describe('rates', () => {
  test('nothing seen in n is at most 3 / n; Wilson holds the rate, and narrows', () => {
    assert.equal(upperRate(0, 30_000), 1e-4)
    assert.equal(upperRate(0, 0), 1)
    assert.ok(Math.abs(wilson(10, 20).low - 0.2993) < 1e-3)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (trials, share) => {
        const hits = Math.floor(share * trials)
        const { low, high } = wilson(hits, trials)
        assert.ok(0 <= low && low <= hits / trials && hits / trials <= high && high <= 1)
        const more = wilson(hits * 4, trials * 4)
        assert.ok(more.high - more.low <= high - low + 1e-12)
      }),
    )
  })

  test('one answer in twenty, a hundred cheats: 99.4%', () => {
    assert.equal(caughtWithin(1, 0.05, 100).toFixed(4), '0.9941')
    assert.equal(caughtWithin(0, 0.05, 100), 0)
  })

  test('quantiles are values that were measured', () => {
    assert.deepEqual(distributionOf([3, 1, 2]), { mean: 2, p50: 2, p90: 3, p99: 3, p999: 3, maximum: 3 })
    assert.equal(distributionOf([]).maximum, 0)
  })
})
