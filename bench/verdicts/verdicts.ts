import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDevnet } from '@heddle/chain'
import { openVerifier } from '../../test/verdicts/evm.ts'
import { liveMany } from '../../test/verdicts/tally.ts'
import { type Measurement, measurementsOf } from '../measurement.ts'

const quiet = { info() {}, warn() {}, error() {} }
/** `HEDDLE_HISTORIES` makes it fewer, `HEDDLE_FIRST_HISTORY` begins elsewhere: a million can be shared out. */
const setting = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise)

/**
 * Lives of honest providers, each among people who are not, and all that could be said against what they signed: by the proofs in
 * TypeScript and by the contract, which must agree on every one of them. Stops with the first that does not.
 */
export async function* run(): AsyncGenerator<Measurement> {
  const measured = measurementsOf('verdicts')
  const directory = mkdtempSync(join(tmpdir(), 'heddle-verdicts-'))
  const devnet = await startDevnet({ directory: join(directory, 'chain'), log: quiet })
  try {
    const count = setting('HEDDLE_HISTORIES', 1_000_000)
    const from = setting('HEDDLE_FIRST_HISTORY', 1)
    const told = ({ histories, convicted }: { histories: number; convicted: number }): void => {
      if (histories % 2_000 === 0) console.error(`${histories} histories, ${convicted} convicted`)
    }
    const tally = await liveMany(await openVerifier(devnet.url), { from, count, told })
    yield measured('histories', tally.histories, '', '>= 1000000')
    yield measured('receipts', tally.receipts, '')
    yield measured('accusations', tally.accusations, '')
    yield measured('accusations_on_chain', tally.onChain, '')
    yield measured('honest_convicted', tally.convicted, '', '<= 0')
  } finally {
    await devnet.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}
