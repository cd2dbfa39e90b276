import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteLedger, put } from '@heddle/ledger'
import { type Measurement, measurementsOf } from '../measurement.ts'

const SECONDS = 2

/** How many commits are durable in a second (`PRAGMA synchronous = FULL`), alone and 32 at a time; and what an fsync costs. */
export async function* run(): AsyncGenerator<Measurement> {
  const measured = measurementsOf('ledger')
  const directory = mkdtempSync(join(tmpdir(), 'heddle-ledger-'))
  try {
    yield measured('fsyncs_per_second', fsyncs(join(directory, 'file')), '1/s')
    for (const together of [1, 32]) {
      const ledger = await openSqliteLedger(join(directory, `${together}.db`))
      const deadline = Date.now() + SECONDS * 1000
      const worker = async (name: number): Promise<void> => {
        for (let i = 0; Date.now() < deadline; i++) {
          await ledger.commit(put('facts', { name: `${name}-${i % 100}`, value: String(i) }))
        }
      }
      await Promise.all(Array.from({ length: together }, (_, name) => worker(name)))
      const { commits, groups } = ledger.counters()
      yield measured(`commits_per_second_${together}`, commits / SECONDS, '1/s')
      yield measured(`group_commits_per_second_${together}`, groups / SECONDS, '1/s')
      await ledger.close()
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function fsyncs(file: string): number {
  const descriptor = openSync(file, 'w')
  const deadline = Date.now() + SECONDS * 1000
  let count = 0
  for (; Date.now() < deadline; count++) {
    writeSync(descriptor, 'x')
    fsyncSync(descriptor)
  }
  closeSync(descriptor)
  return count / SECONDS
}
