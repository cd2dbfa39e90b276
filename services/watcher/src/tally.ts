import { type Interval, type Judgement, wilson } from '@heddle/protocol'

/** Receipts that are told with a rate, of each verdict: the last ones. All of them are in the list of checks. */
const MOST_RECEIPTS = 100

export type Rate = Interval &
  Readonly<
    Record<Judgement | 'silent', number> & {
      provider: string
      model: string
      /** What the counts rest on, the newest last. */
      receipts: Readonly<Record<Judgement, readonly string[]>>
    }
  >

type Row = Record<Judgement, number> & { provider: string; model: string; receipts: Record<Judgement, string[]> }

/** Counts of verdicts, by provider and model. The rate is of those checks that could say. */
export class Tally {
  readonly #rows = new Map<string, Row>()

  #row(provider: string, model: string): Row {
    const key = `${provider} ${model}`
    const known = this.#rows.get(key)
    if (known) return known
    const receipts = { honest: [], dishonest: [], inconclusive: [] }
    const row: Row = { provider, model, honest: 0, dishonest: 0, inconclusive: 0, receipts }
    this.#rows.set(key, row)
    return row
  }

  add({ id, provider, model, verdict }: { id: string; provider: string; model: string; verdict: Judgement }): void {
    const row = this.#row(provider, model)
    row[verdict] += 1
    row.receipts[verdict].push(id)
    if (row.receipts[verdict].length > MOST_RECEIPTS) row.receipts[verdict].shift()
  }

  /** `silent` are the receipts that their providers do not open, or did not while they had to. */
  rates(silent: readonly { provider: string; model: string }[]): Rate[] {
    const quiet = new Map<Row, number>()
    for (const { provider, model } of silent) {
      const row = this.#row(provider, model)
      quiet.set(row, (quiet.get(row) ?? 0) + 1)
    }
    return [...this.#rows.values()].map(row => ({
      ...row,
      silent: quiet.get(row) ?? 0,
      ...wilson(row.honest, row.honest + row.dishonest),
    }))
  }
}
