import { type Ledger, put, type Row, readOne } from '@heddle/ledger'
import { canonical, type Finding } from '@heddle/protocol'
import { isSilent, type Sample } from './sample.ts'
import { type Rate, Tally } from './tally.ts'

export type Check = Row<'checks'>

const CURSOR = 'receipts seen'

/**
 * What a watcher chose, and what it found. Every change is on disk before it counts: a receipt is chosen together with
 * the place up to which receipts were seen, and checked together with the end of its waiting.
 */
export class Records {
  readonly #ledger: Ledger
  readonly #tally = new Tally()
  readonly #open = new Map<string, Sample>()
  #cursor = 0
  #checks = 0

  private constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  static async open(ledger: Ledger): Promise<Records> {
    const records = new Records(ledger)
    const [facts, samples, checks] = await Promise.all([
      ledger.read('facts', { where: { name: CURSOR } }),
      ledger.read('samples'),
      ledger.read('checks', { after: { by: 'number', value: 0 } }),
    ])
    records.#cursor = Number(facts[0]?.value ?? 0)
    for (const sample of samples) records.#keep(sample)
    for (const check of checks) records.#count(check)
    return records
  }

  #keep(sample: Sample): void {
    if (sample.state === 'waiting' || isSilent(sample)) this.#open.set(sample.id, sample)
    else this.#open.delete(sample.id)
  }

  #count(check: Check): void {
    this.#tally.add(check as Parameters<Tally['add']>[0])
    this.#checks = Math.max(this.#checks, check.number)
  }

  /** How many of the gateway's receipts were seen, of all that it stored. */
  get cursor(): number {
    return this.#cursor
  }

  get checked(): number {
    return this.#checks
  }

  get waiting(): number {
    return [...this.#open.values()].filter(({ state }) => state === 'waiting').length
  }

  /** Takes note of what was chosen of the receipts up to `cursor`. */
  async choose(samples: readonly Sample[], cursor: number): Promise<void> {
    const fact = put('facts', { name: CURSOR, value: String(cursor) })
    await this.#ledger.commit(...samples.map(sample => put('samples', sample)), fact)
    for (const sample of samples) this.#keep(sample)
    this.#cursor = cursor
  }

  /** What is to be checked now, what waited longest first. */
  due(now: number): Sample[] {
    return [...this.#open.values()]
      .filter(({ state, next }) => state === 'waiting' && next <= now)
      .sort((a, b) => a.next - b.next)
  }

  /** Takes note of a sample that could not be checked. */
  async postpone(sample: Sample): Promise<void> {
    await this.#ledger.commit(put('samples', sample))
    this.#keep(sample)
  }

  /** Takes note of what was found about a sample. `proof` is the text of its file. */
  async found(sample: Sample, finding: Finding, proof: string | undefined, at: number): Promise<Check> {
    const check = this.#checkOf(sample, finding, proof, at)
    const done: Sample = { ...sample, state: 'checked', problem: null }
    await this.#ledger.commit(put('checks', check), put('samples', done))
    this.#keep(done)
    this.#count(check)
    return check
  }

  /** Takes note of what a channel as a whole shows, once for every receipt and check: nothing where it is known. */
  async foundOnChannel(
    of: Pick<Check, 'provider' | 'model'>,
    finding: Finding,
    proof: string,
    at: number,
  ): Promise<Check | undefined> {
    const { receipt: id, check: kind } = finding
    if (await readOne(this.#ledger, 'checks', { id, check: kind })) return undefined
    const check = this.#checkOf({ ...of, id, source: 'channel' }, finding, proof, at)
    await this.#ledger.commit(put('checks', check))
    this.#count(check)
    return check
  }

  #checkOf(
    { id, provider, model, source }: Pick<Check, 'id' | 'provider' | 'model' | 'source'>,
    finding: Finding,
    proof: string | undefined,
    at: number,
  ): Check {
    return {
      id,
      number: this.#checks + 1,
      provider,
      model,
      verdict: finding.verdict,
      check: finding.check,
      finding: canonical(finding),
      at,
      source,
      proof: proof ?? null,
    }
  }

  rates(): Rate[] {
    return this.#tally.rates([...this.#open.values()].filter(isSilent))
  }

  /** Checks after a number, in order. */
  checks(after: number, options: { provider?: string; limit: number }): Promise<Check[]> {
    const { provider, limit } = options
    const where = provider === undefined ? {} : { where: { provider } }
    return this.#ledger.read('checks', { ...where, after: { by: 'number', value: after }, limit })
  }

  /** What a provider was found to have done, by one kind of check. */
  async findings(provider: string, check: string): Promise<Finding[]> {
    const rows = await this.#ledger.read('checks', { where: { provider, check } })
    return rows.map(({ finding }) => JSON.parse(finding) as Finding)
  }

  /** All that was found dishonest. */
  dishonest(): Promise<Check[]> {
    return this.#ledger.read('checks', { where: { verdict: 'dishonest' } })
  }
}
