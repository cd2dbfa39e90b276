import { createChecker, readCalibration } from '@heddle/inference/checker'
import type { Checker, Digest } from '@heddle/protocol'

/** What whoever checks answers needs to start its checkers. Plain JSON. */
export type CheckerSettings = {
  /** The weights that answers are held against. */
  models: readonly { name: string; path: string; digest: Digest }[]
  /** Where computed digests are remembered. */
  directory: string
  /** The texts of calibration files. */
  calibrations: readonly string[]
  /** Folders that no reference may see, e.g. the one with the keys. */
  hide?: readonly string[]
}

/**
 * Starts every checker: a new workload adds a line. No weights are loaded before the first check that needs them.
 * Throws `setting_invalid` for a calibration that is none.
 */
export async function startCheckers({
  calibrations,
  ...settings
}: CheckerSettings): Promise<readonly [Checker, ...Checker[]]> {
  return [createChecker({ ...settings, calibrations: calibrations.map(readCalibration) })]
}
