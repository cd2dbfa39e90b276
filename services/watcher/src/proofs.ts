import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Writes fraud proofs as files, whole or not at all; what is there already is left alone. */
export class ProofFiles {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  }

  write(id: string, proof: string): void {
    const file = join(this.folder, `${id}.json`)
    if (existsSync(file)) return
    writeFileSync(`${file}.new`, `${proof}\n`, { mode: 0o600, flush: true })
    renameSync(`${file}.new`, file)
  }
}
