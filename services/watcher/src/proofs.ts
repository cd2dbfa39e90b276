import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Check } from './records.ts'

/** Writes fraud proofs as files, whole or not at all; what is there already is left alone. */
export class ProofFiles {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  }

  /** Writes the proof of what was found, if there is one, by its receipt; and by its kind, where a channel shows it. */
  write({ id, check, source, proof }: Check): void {
    if (proof === null) return
    const file = join(this.folder, source === 'channel' ? `${id}.${check}.json` : `${id}.json`)
    if (existsSync(file)) return
    writeFileSync(`${file}.new`, `${proof}\n`, { mode: 0o600, flush: true })
    renameSync(`${file}.new`, file)
  }
}
