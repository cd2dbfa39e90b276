import { resolveModel } from '@heddle/inference/models'
import { canonical, packReceipt } from '@heddle/protocol'
import { folder } from '../../test/faults/stage.ts'
import { fuzz } from '../../workloads/inference/src/draw/testing/fuzz.ts'
import { type Measurement, measurementsOf, median } from '../measurement.ts'
import { startStaging } from '../stage.ts'
import { startDecoding } from './decode.ts'
import { startSettling } from './settling.ts'

const INPUTS = Number(process.env['HEDDLE_BENCH_INPUTS'] ?? 10_000_000)
const ROUNDS = 6
const TOKENS = 160
const JOBS = 200

/** What evidence costs: bytes, processor time while the answer is made and when it is settled; and readers that hold. */
export async function* run(): AsyncGenerator<Measurement> {
  const measured = measurementsOf('evidence')
  const staging = startStaging()
  try {
    const setting = process.env['HEDDLE_MODEL']
    const model = await resolveModel({ directory: folder(staging.t), ...(setting ? { setting } : {}) })
    const peer = `${model.name}, one thread, temperature 0.8, ${TOKENS} tokens`
    const decoding = await startDecoding(model.path)
    const ratios: number[] = []
    const sizes: number[] = []
    let leaves: Uint8Array[] = []
    for (let round = 0; round < ROUNDS; round++) {
      // In turns, the first one alternating, so that a machine that grows busy is nobody's fault.
      const runs = round % 2 === 0 ? (['plain', 'open'] as const) : (['open', 'plain'] as const)
      const done = { plain: 0, open: 0 }
      for (const name of runs) {
        const decoded = await decoding[name](round, TOKENS)
        done[name] = decoded.microseconds
        if (name === 'plain') continue
        leaves = decoded.leaves
        sizes.push(leaves.reduce((sum, leaf) => sum + leaf.length, 0) / decoded.tokens)
      }
      ratios.push(done.open / done.plain)
    }
    yield measured('evidence_bytes_per_token', median(sizes), 'bytes', '<= 64', { peer })
    yield measured('evidence_bytes_per_token_max', Math.max(...sizes), 'bytes', null, { peer })
    yield measured('decode_cpu_ratio', median(ratios), 'ratio', '<= 1.05', {
      peer: `${peer}, against llama.cpp's sampler`,
    })

    const settling = await startSettling()
    try {
      await settling.settle(JOBS, leaves)
      await settling.settle(JOBS)
      const added: number[] = []
      let [packed, json] = [0, 0]
      for (let round = 0; round < 2 * ROUNDS; round++) {
        const without = await settling.settle(JOBS)
        const withIt = await settling.settle(JOBS, leaves)
        added.push(withIt.microseconds - without.microseconds)
        packed = packReceipt(withIt.receipt).length
        json = Buffer.byteLength(canonical(withIt.receipt))
      }
      yield measured('evidence_cpu_us_per_request', median(added), 'µs', '<= 100')
      yield measured('receipt_bytes', packed, 'bytes', '<= 1024')
      yield measured('receipt_json_bytes', json, 'bytes', null)
    } finally {
      await settling.stop()
    }

    const fuzzed = fuzz({ seed: Date.now() >>> 0, count: INPUTS })
    yield measured('decoders_fuzzed', fuzzed.inputs, 'inputs', '>= 10000000')
    yield measured('decoder_crashes', fuzzed.crashes, 'inputs', '<= 0')
    yield measured('decoder_false_accepts', fuzzed.falseAccepts, 'inputs', '<= 0')
  } finally {
    await staging.stop()
  }
}
