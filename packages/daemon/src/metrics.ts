/** Counters and gauges in Prometheus' text format; labels are part of the name. */
export class Metrics {
  readonly #values = new Map<string, number>()

  add(name: string, amount = 1): void {
    this.#values.set(name, (this.#values.get(name) ?? 0) + amount)
  }

  set(name: string, value: number): void {
    this.#values.set(name, value)
  }

  get(name: string): number {
    return this.#values.get(name) ?? 0
  }

  text(): string {
    return [...this.#values].map(([name, value]) => `heddle_${name} ${value}\n`).join('')
  }
}
