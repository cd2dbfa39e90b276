import type { Metrics } from '@heddle/daemon'
import { type Checker, type Clock, type Finding, isHeddleError, type Log, type Prover } from '@heddle/protocol'
import { checkAnswer, convictedUnopened, type Opened } from '@heddle/sdk'
import type { WatchedGateway } from './gateway.ts'
import type { ProofFiles } from './proofs.ts'
import type { Records } from './records.ts'
import { afterFailure, afterSilence, type Sample } from './sample.ts'

export type Checking = {
  gateway: WatchedGateway
  checkers: readonly [Checker, ...Checker[]]
  /** Who knows what convicts. */
  prover: Prover
  records: Records
  files: ProofFiles
  metrics: Metrics
  clock: Clock
  /** Milliseconds before a provider that was silent is asked again; twice as long each time. */
  patience: number
  log: Log
}

export type Outcome = 'checked' | 'silent' | 'failed'

/**
 * Checks one receipt. What is found is on disk before anybody acts on it. A provider that does not open it is asked
 * again later, unless what it signed convicts it all the same. Throws only when the gateway does not answer, or when told to stop.
 */
export async function checkSample(checking: Checking, sample: Sample, signal: AbortSignal): Promise<Outcome> {
  const { gateway, records, metrics, clock, patience, log } = checking
  const { id, provider } = sample
  const fail = async (error: unknown): Promise<Outcome> => {
    signal.throwIfAborted()
    if (isHeddleError(error, 'not_running')) throw error
    const code = isHeddleError(error) ? error.code : 'internal'
    log.warn('not checked', { receipt: id, code, error: (error as Error).message })
    metrics.add('checks_failed_total')
    await records.postpone(afterFailure(sample, code, clock.now(), patience))
    return 'failed'
  }
  let opened: Opened
  try {
    opened = await gateway.open(id, signal)
  } catch (error) {
    return fail(error)
  }
  const convicted = opened.problem && convictedUnopened(checking.prover, opened.answered)
  if (opened.problem && !convicted) {
    const { code } = opened.problem
    log.info('not opened', { receipt: id, provider, code, tries: sample.tries + 1 })
    metrics.add('silences_total')
    await records.postpone(afterSilence(sample, code, clock.now(), patience))
    return 'silent'
  }
  let finding: Finding
  try {
    finding = convicted ?? (await checkAnswer(checking, opened.answered, signal))
  } catch (error) {
    return fail(error)
  }
  const proof = finding.provable ? proofOf(checking.prover, opened) : undefined
  const check = await records.found(sample, finding, proof, clock.now())
  metrics.add(`checks_total{verdict="${finding.verdict}"}`)
  if (finding.verdict !== 'dishonest') return 'checked'
  log.warn('dishonest', { receipt: id, provider, check: finding.check, reason: finding.reason, provable: !!proof })
  checking.files.write(check)
  return 'checked'
}

/** The text of the file that convicts. */
function proofOf(prover: Prover, { answered, provider }: Opened): string | undefined {
  const { proof } = prover.prove(answered, provider)
  return proof && prover.write(proof)
}
