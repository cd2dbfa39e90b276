import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Checker } from '@heddle/protocol'
import { digestOf } from '@heddle/protocol'
import { digestOfFile } from '../models/weights.ts'
import type { GenerationSpec } from '../spec.ts'
import { silent, tinyPath, tinyWorker } from '../testing/fixtures.ts'
import { calibrate } from './calibrate.ts'
import { createChecker } from './check.ts'
import { answerJob, jobWith, signAnswer } from './testing/provider.ts'

const never = new AbortController().signal
const model = { name: 'heddle-tiny', path: tinyPath(), digest: await digestOfFile(tinyPath()) }

const story = {
  task: 'chat',
  messages: [{ role: 'user', content: 'Tell me a long story.' }],
  maxCompletion: 40,
  temperature: 0.8,
  topP: 1,
  stop: [],
} as GenerationSpec

/** Rounding differs with each way of working; an honest provider may work in any, calibrated in one. */
describe('an answer that was made in another way than the calibration is honest', { timeout: 200_000 }, () => {
  let checker: Checker
  const told: (number | undefined)[] = []

  before(async () => {
    const one = { threads: 1, batch: 48, together: 1 }
    const calibration = await calibrate({
      ...{ model, answers: 12, conditions: [one], log: silent, signal: never },
      onProgress: (_, left) => void told.push(left),
    })
    checker = createChecker({ models: [model], calibrations: [calibration], random: () => 0 })
  })
  after(() => checker.stop())

  test('how long it takes is told with the first answer, and nothing is left with the last', () => {
    const first = told.find(left => left !== undefined)
    assert.ok(first !== undefined && first > 0)
    assert.equal(told.at(-1), 0)
  })

  for (const [name, way] of [
    ['on two threads', { threads: 2 }],
    ['in small steps', { batch: 8 }],
    ['beside others', { concurrency: 4 }],
  ] as const)
    test(name, async () => {
      const worker = await tinyWorker({ context: 1_024, batch: 48, ...way })
      try {
        const count = 'concurrency' in way ? way.concurrency : 1
        const answers = await Promise.all(
          Array.from({ length: count }, (_, i) =>
            answerJob(worker, jobWith(story, digestOf(`${name} ${i}`)), { claims: model.digest }),
          ),
        )
        for (const answer of answers) {
          const found = await checker.check(signAnswer(answer), never)
          assert.equal(found.verdict, 'honest', JSON.stringify(found))
        }
      } finally {
        await worker.stop()
      }
    })
})
