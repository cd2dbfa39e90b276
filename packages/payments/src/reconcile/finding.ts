/** One thing that does not fit. `row` names the row; money is never guessed, so a finding never says who is right. */
export type Finding = { ledger: string; table: string; row: string; problem: string }

/** A row whose other side keeps its ledger elsewhere: held against signatures and the chain, and against nothing more. */
export type Apart = { ledger: string; table: string; row: string; why: string }

/** Collects findings about one ledger; a check that throws is a finding too. */
export class Findings {
  readonly list: Finding[] = []

  /** Notes a problem unless `holds`. */
  check(ledger: string, table: string, row: string, holds: boolean, problem: string): void {
    if (!holds) this.list.push({ ledger, table, row, problem })
  }

  /** Runs checks of one row; what they throw is noted. */
  row(
    ledger: string,
    table: string,
    row: string,
    run: (check: (holds: boolean, problem: string) => void) => void,
  ): void {
    try {
      run((holds, problem) => this.check(ledger, table, row, holds, problem))
    } catch (error) {
      this.check(ledger, table, row, false, error instanceof Error ? error.message : String(error))
    }
  }
}
