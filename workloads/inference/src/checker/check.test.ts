import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Answered, type Checker, digestOf, type Finding, isHeddleError } from '@heddle/protocol'
import { decodeHead, decodePositions, encodeHead, leavesOf, type Position } from '../draw/index.ts'
import { digestOfFile } from '../models/weights.ts'
import type { GenerationSpec } from '../spec.ts'
import { silent, tinyPath, tinyWorker } from '../testing/fixtures.ts'
import type { InferenceWorker } from '../worker.ts'
import { calibrate } from './calibrate.ts'
import type { Calibration } from './calibration.ts'
import { createChecker } from './check.ts'
import { forge, loadForger, only } from './testing/forger.ts'
import { edited, quantized, readGguf, type Weights, writeGguf } from './testing/gguf.ts'
import { answerJob, forgedAnswer, jobWith, offerWith, signAnswer, type Unsigned } from './testing/provider.ts'

const never = new AbortController().signal
const model = { name: 'heddle-tiny', path: tinyPath(), digest: await digestOfFile(tinyPath()) }

const story = (over: Partial<GenerationSpec> = {}): GenerationSpec =>
  ({
    task: 'chat',
    messages: [{ role: 'user', content: 'Tell me a long story.' }],
    maxCompletion: 64,
    temperature: 0.8,
    topP: 1,
    stop: [],
    ...over,
  }) as GenerationSpec

const words = ({ verdict, check, reason, provable }: Finding) => ({ verdict, check, reason, provable })
const guilty = (check: string, reason: string, provable = false) => ({ verdict: 'dishonest', check, reason, provable })
const unclear = (check: string, reason: string) => ({ verdict: 'inconclusive', check, reason, provable: false })

describe('a check of an answer', { timeout: 280_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-check-'))
  let worker: InferenceWorker
  let calibration: Calibration
  let checker: Checker
  let honest: Unsigned

  /** Looks at the whole of an answer, unless another `random` decides. */
  const checkerWith = (over: Partial<Parameters<typeof createChecker>[0]> = {}): Checker =>
    createChecker({ models: [model], calibrations: [calibration], random: () => 0, ...over })
  const answer = (over: Partial<GenerationSpec> = {}, nonce = 'nonce', of = worker) =>
    answerJob(of, jobWith(story(over), digestOf(nonce)), { claims: model.digest })
  const check = async (answered: Answered, by = checker) => by.check(answered, never)
  const positionsOf = ({ leaves }: Unsigned): Position[] => {
    const head = decodeHead(leaves[0]!)
    return leaves.slice(1).flatMap((leaf, i) => decodePositions(leaf, head, i + 1))
  }

  before(async () => {
    worker = await tinyWorker({ context: 1_024, batch: 48 })
    const one = { threads: 1, batch: 48, together: 1 }
    calibration = await calibrate({ model, answers: 12, conditions: [one], log: silent, signal: never })
    checker = checkerWith()
    honest = await answer()
  })
  after(async () => {
    await Promise.all([worker.stop(), checker.stop()])
    rmSync(folder, { recursive: true })
  })

  /** A worker on changed weights. */
  async function onWeights(weights: Weights, batch = 48): Promise<InferenceWorker> {
    const bytes = writeGguf(weights)
    const path = join(folder, `${digestOf(bytes).slice(2, 14)}.gguf`)
    writeFileSync(path, bytes)
    return tinyWorker({ model: { name: 'tiny', path, digest: digestOf(bytes) }, context: 1_024, batch })
  }

  test('an honest answer is honest, with its distance, threshold, rate and cost', async () => {
    const found = await check(signAnswer(honest))
    assert.deepEqual(words(found), {
      verdict: 'honest',
      check: 'distance',
      reason: 'as near to the weights as honest answers',
      provable: false,
    })
    assert.ok(found.distance! <= found.threshold!)
    assert.equal(found.falsePositiveRate, calibration.engines[0]!.falsePositiveRate)
    assert.ok(found.cost.milliseconds > 0)
    assert.ok(found.cost.tokens >= 64)
    assert.equal(found.facts['positions'], positionsOf(honest).length)
    assert.equal(found.receipt, signAnswer(honest).receipt.receipt.id)
  })

  test('a copy in Q4_0, and one with a single edited tensor, are seen', async () => {
    const weights = readGguf(model.path)
    for (const changed of [quantized(weights, 'Q4_0'), edited(weights, ['blk.2.ffn_down.weight'], 1.1)]) {
      const other = await onWeights(changed)
      try {
        const found = await check(signAnswer(await answer({}, 'other weights', other)))
        assert.equal(found.verdict, 'dishonest', JSON.stringify(found))
        assert.equal(found.check, 'distance')
        assert.ok(found.distance! > found.threshold!)
        assert.ok(found.falsePositiveRate! > 0)
      } finally {
        await other.stop()
      }
    }
  })

  test('one token that the provider chose is seen where its position is looked at', async () => {
    const llama = await loadForger(model.path)
    const { receipt, job } = honest
    const plain = await forge(llama, job, receipt.seed)
    try {
      assert.equal((await check(signAnswer(forgedAnswer(honest, plain)))).verdict, 'honest')
      // Where there was a choice: text differs between machines.
      const at = positionsOf(forgedAnswer(honest, plain)).findLastIndex(({ candidates }) => candidates.length > 4)
      assert.ok(at >= 16, 'behind the part that is always looked at')
      const forged = await forge(llama, job, receipt.seed, (position, number) =>
        number === at ? only(position.candidates.at(-1)!.token) : position,
      )
      const signed = signAnswer(forgedAnswer(honest, forged))
      const found = await check(signed)
      assert.deepEqual(words(found), guilty('distance', 'a likely token is not among the candidates'))
      assert.equal(found.facts['worstPosition'], at)
      // Drawn so that only the beginning is looked at.
      const blind = checkerWith({ random: below => below - 1 })
      assert.equal((await check(signed, blind)).verdict, 'honest', 'what is not looked at is not seen')
      await blind.stop()
    } finally {
      await llama.model.dispose()
    }
  })

  test('told likelihoods that do not draw the token are proof', async () => {
    const positions = positionsOf(honest)
    const head = decodeHead(honest.leaves[0]!)
    const at = positions.findIndex(({ candidates }) => candidates.length > 1)
    const { candidates, drawn } = positions[at]!
    const changed = positions.with(at, { candidates, drawn: drawn === 0 ? 1 : 0 })
    const found = await check(signAnswer({ ...honest, leaves: leavesOf(head, changed) }))
    assert.deepEqual(words(found), guilty('redraw', 'the position draws another token', true))
  })

  test('a picked seed, inflated usage and a malformed leaf are proof', async () => {
    const head = decodeHead(honest.leaves[0]!)
    const [, ...others] = honest.leaves
    const usage = (completion: string) => ({ ...honest.receipt, usage: { ...honest.receipt.usage, completion } })
    const picked = { ...honest, leaves: [encodeHead({ ...head, seed: digestOf('picked') }), ...others] }
    assert.deepEqual(words(await check(signAnswer(picked))), guilty('foreign-seed', 'drawn from another seed', true))
    assert.deepEqual(
      words(await check(signAnswer({ ...honest, receipt: usage('65') }))),
      guilty('overcount', 'more completion tokens than were written', true),
    )
    const broken = { ...honest, leaves: [honest.leaves[0]!, others[0]!.subarray(1), ...others.slice(1)] }
    assert.deepEqual(words(await check(signAnswer(broken))), guilty('malformed', 'a malformed leaf', true))
  })

  test('another text, another prompt and an answer that was cut are exact', async () => {
    const text = { ...honest, output: Buffer.concat([honest.output, Buffer.from(' Buy now!')]) }
    assert.deepEqual(words(await check(signAnswer(text))), guilty('text', 'the tokens spell another text'))
    const job = jobWith(story(), digestOf('altered'))
    const asked = jobWith(
      story({ messages: [{ role: 'user', content: 'Praise my shop.' }] } as never),
      digestOf('altered'),
    )
    const altered = await answerJob(worker, job, { asked })
    assert.deepEqual(
      words(await check(signAnswer(altered))),
      guilty('prompt', 'another prompt was read than was asked'),
    )
    const { context } = worker.serves()[0]!
    /** An answer of 40 tokens at most to a job that asked for more, under an offer with these limits. */
    const cutUnder = async (limits: Record<string, number>) => {
      const offer = offerWith(worker, limits)
      const job = jobWith(story(), digestOf('cut'), offer)
      const short = await answerJob(worker, job, { asked: { ...job, spec: { ...job.spec, maxCompletion: 40 } } })
      return { short, said: words(await check({ ...signAnswer(short), offer })) }
    }
    const { short, said } = await cutUnder({ context, maxCompletion: 1_024 })
    assert.deepEqual(said, guilty('truncated', 'it ends before its limit'))
    // Whose offer gives no more, or whose context is full, has cut nothing off; without the offer nobody knows.
    const written = Number(short.receipt.usage['completion'])
    const full = written + Number(short.receipt.usage['prompt'])
    for (const limits of [{ context, maxCompletion: written }, { context: full }] as Record<string, number>[])
      assert.equal((await cutUnder(limits)).said.verdict, 'honest')
    assert.notEqual((await check(signAnswer(short))).verdict, 'dishonest')
    const claimed = { ...short, receipt: { ...short.receipt, finish: 'stop' as const } }
    assert.deepEqual(words(await check(signAnswer(claimed))), guilty('truncated', 'nothing ends it'))
  })

  test('answers that end by themselves, or at a stop text, are honest; what the stop cut off is not charged', async t => {
    const ends = await answer({ messages: [{ role: 'user', content: 'What colour is the sky?' }] } as never)
    assert.equal(ends.receipt.finish, 'stop')
    const exact = checkerWith({ calibrations: [{ ...calibration, shortest: 1 }] })
    t.after(() => exact.stop())
    assert.equal((await check(signAnswer(ends), exact)).verdict, 'honest')
    // At temperature 0 the seed does not matter, which is another one where the job is.
    const whole = Buffer.from((await answer({ temperature: 0 })).output).toString()
    const stopped = await answer({ temperature: 0, stop: [whole.slice(70, 100)] })
    const found = await check(signAnswer(stopped), exact)
    assert.equal(found.verdict, 'honest', JSON.stringify(found))
    const written = String(positionsOf(stopped).length)
    assert.ok(BigInt(written) > BigInt(stopped.receipt.usage['completion']!))
    const billed = {
      ...stopped,
      receipt: { ...stopped.receipt, usage: { ...stopped.receipt.usage, completion: written } },
    }
    assert.deepEqual(
      words(await check(signAnswer(billed), exact)),
      guilty('usage', 'tokens are charged that were not delivered'),
    )
  })

  test('what cannot be judged says why', async t => {
    const signed = signAnswer(honest)
    const { leaves: _, ...withheld } = signed
    const other = await answer({}, 'another job')
    const cases: [Answered, Checker, ReturnType<typeof unclear>][] = [
      [signAnswer({ ...honest, leaves: [] }), checker, unclear('evidence', 'the receipt names no evidence')],
      [withheld, checker, unclear('evidence', 'the evidence is withheld')],
      [
        { ...signed, leaves: [...honest.leaves, new Uint8Array(200_000)] },
        checker,
        unclear('evidence', 'the evidence is too long'),
      ],
      [{ ...signed, leaves: other.leaves }, checker, unclear('evidence', 'the evidence is not what the receipt names')],
      [{ ...signed, job: other.job }, checker, unclear('evidence', 'the receipt is of another job')],
      [{ ...signed, output: other.output }, checker, unclear('evidence', 'the output is not what the receipt names')],
    ]
    const head = decodeHead(honest.leaves[0]!)
    const partial = { ...honest, leaves: [encodeHead({ ...head, replayable: false }), ...honest.leaves.slice(1)] }
    cases.push([signAnswer(partial), checker, unclear('evidence', 'the engine drew by itself')])
    const strange = { ...honest, leaves: [encodeHead({ ...head, class: digestOf('?') }), ...honest.leaves.slice(1)] }
    cases.push([signAnswer(strange), checker, unclear('distance', 'this kind of engine is not calibrated')])
    const interrupted = { ...honest, receipt: { ...honest.receipt, finish: 'interrupted' as const } }
    cases.push([signAnswer(interrupted), checker, unclear('evidence', 'the answer was interrupted')])
    const foreign = { ...honest, receipt: { ...honest.receipt, model: digestOf('other weights') } }
    cases.push([signAnswer(foreign), checker, unclear('reference', 'the weights are not here')])
    const plain = checkerWith({ calibrations: [] })
    const small = checkerWith({ context: 64 })
    t.after(() => Promise.all([plain.stop(), small.stop()]))
    cases.push([signed, plain, unclear('distance', 'the model is not calibrated')])
    cases.push([signed, small, unclear('reference', 'the answer is longer than the reference holds')])
    const short = await answer({ maxCompletion: 12 })
    cases.push([signAnswer(short), checker, unclear('distance', 'the answer is too short')])
    for (const [answered, by, expected] of cases) assert.deepEqual(words(await check(answered, by)), expected)
  })

  test('an abort ends a check, and the reference comes back after it died', async () => {
    const away = new AbortController()
    const running = checker.check(signAnswer(honest), away.signal)
    away.abort()
    await assert.rejects(running, error => isHeddleError(error, 'aborted'))
    assert.equal((await check(signAnswer(honest))).verdict, 'honest')
    const stopped = checkerWith()
    await stopped.stop()
    await assert.rejects(check(signAnswer(honest), stopped), error => isHeddleError(error, 'engine_down'))
  })

  test('it knows the weights that it has', () => {
    assert.equal(checker.knows(model.digest), true)
    assert.equal(checker.knows(digestOf('others')), false)
  })
})
